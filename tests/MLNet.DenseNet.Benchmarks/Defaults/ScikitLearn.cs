using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>scikit-learn's multilayer perceptrons and its gradient boosting on one table, standardized as ours is, in a process of their own.</summary>
internal sealed class ScikitLearn : IDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly PeerProcess _process;

    private ScikitLearn(DirectoryInfo folder, PeerProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>From names in the tables to those in peers/tabular.py.</summary>
    public static IReadOnlyDictionary<string, string> Variants { get; } = new Dictionary<string, string>
    {
        ["scikit-learn"] = "default",
        ["scikit-learn (128, 64), early stopping"] = "early-stopping",
        ["scikit-learn (128, 64), batch 32, 100 epochs"] = "batch-32",
        ["HistGradientBoosting"] = "boosting",
    };

    /// <summary>Starts the process, or says why not.</summary>
    public static ScikitLearn? Start(TabularSet set)
    {
        var folder = Directory.CreateTempSubdirectory("table");
        Write("features.f32", set.Features);
        Write("labels.f32", set.Labels);
        var kind = new Peer("scikit-learn", "apt-get install python3-sklearn", TrainsInOrder: false, _ => true, (path, threads) =>
            new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", "tabular.py"), path, Text(set.Inputs), Text(set.ClassCount), Text(threads)]));
        if (PeerProcess.Start(kind, folder.FullName, Environment.ProcessorCount) is { } process)
            return new ScikitLearn(folder, process);
        folder.Delete(recursive: true);
        return null;

        void Write(string name, float[] values) => File.WriteAllBytes(Path.Combine(folder.FullName, name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());
    }

    /// <summary>Trains on a fold's training rows and predicts its test rows.</summary>
    /// <returns>(test rows x outputs), and the seconds that training took.</returns>
    public (double[] Predictions, double Seconds) Run(string name, Fold fold)
    {
        var answer = _process.Ask($"{Variants[name]} {fold.Number} {string.Join(' ', fold.Test)}");
        return (answer[1..], answer[0]);
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
