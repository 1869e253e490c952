using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>scikit-learn on one table, in a process of its own, which reads the table from a folder that ends with it.</summary>
internal sealed class ScikitLearnProcess : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly PeerProcess _process;

    private ScikitLearnProcess(DirectoryInfo folder, PeerProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Starts it, or says why not.</summary>
    /// <param name="script">In the folder peers.</param>
    /// <param name="features">(rows x inputs).</param>
    /// <param name="labels">(rows), or (rows x labels).</param>
    /// <param name="sizes">What the script is to know of the table: its inputs, and its classes or labels.</param>
    public static ScikitLearnProcess? Start(string script, float[] features, float[] labels, params int[] sizes)
    {
        var folder = Directory.CreateTempSubdirectory("table");
        Write(folder, "features.f32", features);
        Write(folder, "labels.f32", labels);
        if (PeerProcess.Start(Peer.ScikitLearn(script, sizes), folder.FullName, Environment.ProcessorCount) is { } process)
            return new ScikitLearnProcess(folder, process);
        folder.Delete(recursive: true);
        return null;
    }

    /// <summary>Writes another file beside the table.</summary>
    public void Write(string name, float[] values) => Write(_folder, name, values);

    /// <summary>Gives a command about some rows.</summary>
    /// <returns>The numbers of the answer.</returns>
    public double[] Ask(string command, int seed, int[] rows) => _process.Ask(string.Create(CultureInfo.InvariantCulture, $"{command} {seed} {string.Join(' ', rows)}"));

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Write(DirectoryInfo folder, string name, float[] values) => File.WriteAllBytes(Path.Combine(folder.FullName, name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
}
