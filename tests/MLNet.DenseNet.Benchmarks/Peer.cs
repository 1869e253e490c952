using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Another library to compare with.</summary>
/// <param name="Name">The name in the tables.</param>
/// <param name="Installation">What to do where it is not there.</param>
/// <param name="TrainsInOrder">Whether it can train an epoch in the given order of rows.</param>
/// <param name="HasNetwork">Whether it has such a network.</param>
/// <param name="Command">The program that trains, from the workload's folder and the number of threads.</param>
internal sealed record Peer(string Name, string Installation, bool TrainsInOrder, Predicate<Workload> HasNetwork, Func<string, int, ProcessStartInfo> Command)
{
    // Debian's OpenBLAS knows too few processors; told so, it uses AVX-512. Where the processor has none, it would crash.
    private static readonly string? StrongestCore = Avx512F.IsSupported ? "SkylakeX" : null;

    public static Peer PyTorch { get; } = Python("PyTorch", "torch", openBlasCore: null, _ => true);

    /// <summary>Debian's packages.</summary>
    public static IReadOnlyList<Peer> All { get; } =
    [
        PyTorch,
        Python("PyTorch, OpenBLAS AVX-512", "torch", StrongestCore, _ => StrongestCore is not null),
        Python("PyTorch, channels last", "torch", StrongestCore, workload => workload.Convolutions is not null, isChannelsLast: true),
        // Has no dropout, no recurrent or convolutional layers, and squared errors with linear outputs only.
        Python("scikit-learn", "sklearn", StrongestCore, workload => workload.DropoutRate == 0 && !workload.IsTextbook && workload.Recurrence is null && workload.Convolutions is null),
    ];

    /// <summary>libtorch for .NET, for whom asks: its package has hundreds of megabytes and its native library needs a newer system than Debian 12.</summary>
    public static Peer TorchSharp { get; } = new("TorchSharp", "dotnet is not on the path", TrainsInOrder: true, workload => workload.Recurrence is null && workload.Convolutions is null, (folder, threads) =>
        new ProcessStartInfo("dotnet", ["run", "-c", "Release", "--project", Path.Combine(AppContext.BaseDirectory, "../../../../TorchSharpPeer"), "--", folder, Text(threads)]));

    /// <summary>scikit-learn on a table.</summary>
    /// <param name="script">Which trains it, in the folder peers. Its arguments are the table's folder, these sizes and the number of threads.</param>
    /// <param name="sizes">Of the table.</param>
    public static Peer ScikitLearn(string script, params int[] sizes) =>
        new("scikit-learn", "apt-get install python3-sklearn", TrainsInOrder: false, _ => true, (folder, threads) => Script(script, [folder, .. sizes.Select(Text), Text(threads)]));

    private static Peer Python(string name, string library, string? openBlasCore, Predicate<Workload> hasNetwork, bool isChannelsLast = false) =>
        new(name, "apt-get install python3-torch python3-sklearn libopenblas0-openmp", TrainsInOrder: library == "torch", hasNetwork, (folder, threads) =>
        {
            var start = Script("peer.py", library, folder, Text(threads));
            if (isChannelsLast)
                start.Environment["CHANNELS_LAST"] = "1";
            if (openBlasCore is not null)
                start.Environment["OPENBLAS_CORETYPE"] = openBlasCore;
            return start;
        });

    /// <summary>Debian's own interpreter has Debian's packages; PEER_PYTHON names another one.</summary>
    private static ProcessStartInfo Script(string name, params string[] arguments) =>
        new(Environment.GetEnvironmentVariable("PEER_PYTHON") ?? "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", name), .. arguments]);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
