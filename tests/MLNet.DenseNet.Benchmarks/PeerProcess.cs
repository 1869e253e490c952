using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Another library on the same data with the same start weights, in a process of its own that trains when told to.</summary>
internal sealed class PeerProcess : IDisposable
{
    private readonly Process _process;

    private PeerProcess(Peer kind, Process process)
    {
        Kind = kind;
        _process = process;
    }

    public Peer Kind { get; }

    /// <summary>Writes what the peers read.</summary>
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
            recurrence = workload.Recurrence?.Kind,
            steps = workload.Recurrence?.Steps,
            convolutions = workload.Convolutions?.Kind,
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
    public static PeerProcess? Start(Peer kind, string folder, int threads)
    {
        var start = kind.Command(folder, threads);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        string? reason = null;
        try
        {
            var process = Process.Start(start)!;
            _ = process.StandardError.ReadToEndAsync();
            reason = process.StandardOutput.ReadLine();
            if (reason == "ready")
                return new PeerProcess(kind, process);
            process.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No such program: the same as no such library.
        }

        Console.WriteLine($"     {kind.Name} is left out: {reason ?? kind.Installation}");
        return null;
    }

    public double[] Ask(string command)
    {
        _process.StandardInput.WriteLine(command);
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Kind.Name} ended at the command '{command}'.");
        return [.. answer.Split(' ').Select(x => double.Parse(x, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
