#!/usr/bin/env bash
# tests/arm64/test.sh: holds on Arm64, emulated, what the engine promises of every processor: networks train to the bits of tests/TrainedBits/golden.txt,
# and the tests of all that computes, and of the threads that share it, pass. The last line counts: "N passed, N failed".
# Exits with 77 where the emulation is left out; run.sh says why.
set -uo pipefail
cd "$(dirname "$0")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# 128: in vectors of 128 bits, the only ones there.
threads=(1 3)
echo "== Trained bits on ${threads[*]} threads"
tests/arm64/run.sh tests/TrainedBits 128 "${threads[@]}" >"$log"
status=$?
if [ "$status" -eq 77 ]; then exit 77; fi
passed=0
failed=0
if for _ in "${threads[@]}"; do cat tests/TrainedBits/golden.txt; done | diff - "$log" && [ "$status" -eq 0 ]; then passed=1; else failed=1; fi

# Left out is what takes minutes here and says nothing more of the processor: how many threads pay is tried on machines that are made up; AVX-512 is switched off where it is; large convolutions and products are cut into
# parts of the same sizes everywhere, and those of any size are checked; how they are shared, and learning, is in the trained bits. Of each gradient, so many values are compared with differences in float64.
echo "== The engine's tests"
MOST_DIFFERENCES=20 tests/arm64/run.sh tests/MLNet.DenseNet.Engine.Tests -noColor \
    -namespace '*.Numerics' -namespace '*.Layers' -namespace '*.Activations' -namespace '*.Losses' -namespace '*.Gradients' -namespace '*.Optimizers' -namespace '*.Augmentations' \
    -class- '*.ThreadAdaptationTests' -class- '*.LargeConvolutionTests' -class- '*.NarrowVectorTests' \
    -method- '*.Products_agree_with_float64' -method- '*.Products_have_the_same_bits_whoever_computes_them' -method- '*.Products_stay_within_their_arrays' -method- '*.A_marked_value_is_remembered' | tee "$log"
status=$?
count() { sed -n "s/.* $1: \([0-9]*\).*/\1/p" "$log" | tail -n 1 | grep . || echo 0; }
bad=$(($(count Errors) + $(count Failed)))
good=$(($(count Total) - bad - $(count Skipped) - $(count 'Not Run')))
# A run that ended badly without a failed test (a build error, a crash, a filter that finds nothing) is a failure too.
if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ "$good" -eq 0 ]; }; then bad=1; fi
passed=$((passed + good))
failed=$((failed + bad))

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
