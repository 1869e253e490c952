using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Another library on the same data with the same start weights, in a process of its own that trains when told to.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    public string Name { get; }

    /// <summary>The kinds: a name, the library for peer.py, and what to set in its environment.</summary>
    public static IReadOnlyList<(string Name, string Library, string? CoreType)> Kinds { get; } =
    [
        ("PyTorch", "torch", null),
        // Debian's OpenBLAS knows too few processors; told so, it uses AVX-512.
        ("PyTorch, OpenBLAS AVX-512", "torch", "SkylakeX"),
        ("scikit-learn", "sklearn", "SkylakeX"),
    ];

    /// <summary>Whether a library has such a network: scikit-learn's have no dropout, and their squared errors come with linear outputs only.</summary>
    public static bool HasNetwork(string library, Workload workload) => library != "sklearn" || (workload.DropoutRate == 0 && !workload.IsTextbook);

    /// <summary>Writes what peer.py reads.</summary>
    public static void WriteWorkload(Workload workload, string folder)
    {
        var options = workload.Options(epochs: 1, threads: 1);
        File.WriteAllText(Path.Combine(folder, "workload.json"), JsonSerializer.Serialize(new
        {
            rows = workload.Rows,
            units = workload.Units,
            batchSize = workload.BatchSize,
            isClassification = workload.IsClassification,
            isTextbook = workload.IsTextbook,
            dropoutRate = workload.DropoutRate,
            learningRate = options.LearningRate,
        }));
        Write("features.f32", workload.Features);
        if (workload.IsClassification)
            Write("classes.i32", workload.Classes);
        else
            Write("targets.f32", workload.Targets);
        Write("weights.f32", workload.CreateNetwork().Parameters.SelectMany(p => p.ToArray()).ToArray());

        void Write<T>(string name, T[] values) where T : unmanaged =>
            File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    /// <summary>Starts a peer, or says why not.</summary>
    public static PeerProcess? Start((string Name, string Library, string? CoreType) kind, string folder, int threads)
    {
        // Debian's own interpreter has Debian's packages.
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", "peer.py"), kind.Library, folder, threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (kind.CoreType is not null)
            start.Environment["OPENBLAS_CORETYPE"] = kind.CoreType;
        try
        {
            var process = Process.Start(start)!;
            _ = process.StandardError.ReadToEndAsync();
            if (process.StandardOutput.ReadLine() == "ready")
                return new PeerProcess(kind.Name, process);
            process.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such interpreter: the same as no such library.
        }

        Console.WriteLine($"     {kind.Name} is not there: apt-get install python3-torch python3-sklearn libopenblas0-openmp");
        return null;
    }

    public double[] Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended at the command '{command}'.");
        return [.. answer.Split(' ').Select(x => double.Parse(x, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
