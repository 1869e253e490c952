#!/usr/bin/env bash
# tests/arm64/run.sh PROJECT [ARGUMENTS]: publishes a console project for linux-arm64 and runs it on this machine, under QEMU's emulation.
#
# For .NET's Arm64 compiler and the engine's 128-bit paths: what they compute is what an Arm64 processor would. It says nothing about speed,
# and little about the order in which threads see each other's writes, which this machine's processor keeps more strictly than Arm64 asks for.
#
# Needs an apt with Debian's packages, of release 12 or later. It gets QEMU and the Arm64 libraries that .NET loads, some 70 MB, and unpacks them
# into a cache of its own, so that it needs no root and installs nothing. Where apt cannot get them it says so and exits with 77, as tests do
# that are left out. .NET's own files for linux-arm64 come from NuGet. Culture data is not among them: programs run in the invariant culture.
set -euo pipefail

readonly left_out=77
[ $# -gt 0 ] || { sed -n '2s/^# //p' "$0"; exit 2; }
project=$(cd "$1" && pwd)
shift
root=$(git -C "$project" rev-parse --show-toplevel)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mlnet-densenet/arm64
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Unpacks QEMU and the libraries into the folder given.
get() {
    local packages=(qemu-user-static libssl3:arm64 libstdc++6:arm64)
    # Its own lists, and none of what this machine has, so that what these packages need comes too.
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial"
    : >"$work/apt/status"
    local apt=(apt-get -o APT::Architectures::=arm64 -o APT::Sandbox::User= -o Dir::State::Lists="$work/apt/lists" -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt")
    "${apt[@]}" update &&
        "${apt[@]}" install -y --download-only --no-install-recommends "${packages[@]}" ||
        { echo "Arm64 is left out: apt cannot get ${packages[*]}." >&4; return $left_out; }
    for package in "$work"/apt/archives/*_arm64.deb; do dpkg -x "$package" "$1"; done
    # Of the emulators, one for each processor, this one alone.
    for package in "$work"/apt/archives/qemu-user*.deb; do
        dpkg --fsys-tarfile "$package" | tar -x -C "$1" --wildcards './usr/bin/qemu-aarch64*' || true
    done
    # Where all libraries lie below usr, programs look for the loader above it all the same.
    [ -e "$1/lib" ] || ln -s usr/lib "$1/lib"
}

emulator=$cache/usr/bin/qemu-aarch64-static
if [ ! -e "$emulator" ]; then
    mkdir -p "$(dirname "$cache")"
    new=$(mktemp -d "$cache.XXXXXX")
    get "$new" 4>&2 >"$work/log" 2>&1 || { status=$?; rm -rf "$new"; exit $status; }
    # As a whole, so that nobody finds half of it.
    rm -rf "$cache"
    mv -T "$new" "$cache"
fi

# In a copy of all that git would take, so that the lock files, which list no other processor, stay as they are.
mkdir "$work/copy"
git -C "$root" ls-files -z --cached --others --exclude-standard | tar -c -C "$root" --null --ignore-failed-read -T - 2>/dev/null | tar -x -C "$work/copy"
dotnet publish "$work/copy/${project#"$root"/}" -c Release -r linux-arm64 --self-contained -p:RunAnalyzers=false -p:RestoreLockedMode=false -p:InvariantGlobalization=true -o "$work/program" >"$work/log" 2>&1 ||
    { cat "$work/log" >&2; exit 2; }

# Emulated, .NET crashes where it maps code twice, once to write and once to run it; and counting how code runs costs more than it gains.
export DOTNET_EnableWriteXorExecute=0 DOTNET_TieredPGO=0
"$emulator" -L "$cache" "$work/program/$(basename "$project")" "$@"
