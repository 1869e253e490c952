using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>scikit-learn's multilayer perceptrons on one table with several labels a row, and its metrics, in a process of their own.</summary>
internal sealed class ScikitLearnMultiLabel : IDisposable
{
    private readonly MultiLabelSet _set;
    private readonly DirectoryInfo _folder;
    private readonly PeerProcess _process;

    private ScikitLearnMultiLabel(MultiLabelSet set, DirectoryInfo folder, PeerProcess process)
    {
        _set = set;
        _folder = folder;
        _process = process;
    }

    /// <summary>From names in the table to those in peers/multilabel.py.</summary>
    public static IReadOnlyDictionary<string, string> Variants { get; } = new Dictionary<string, string>
    {
        ["scikit-learn MLP"] = "default",
        ["scikit-learn MLP (128, 64), early stopping"] = "early-stopping",
        ["scikit-learn MLP (128, 64), batch 32, 100 epochs"] = "batch-32",
    };

    /// <summary>Starts the process, or says why not.</summary>
    public static ScikitLearnMultiLabel? Start(MultiLabelSet set)
    {
        var folder = Directory.CreateTempSubdirectory("labels");
        Write(folder, "features.f32", [.. set.Features.SelectMany(row => row)]);
        Write(folder, "labels.f32", [.. set.Labels.SelectMany(row => row).Select(label => label ? 1f : 0)]);
        var kind = new Peer("scikit-learn", "apt-get install python3-sklearn", TrainsInOrder: false, _ => true, (path, threads) => new ProcessStartInfo(
            Environment.GetEnvironmentVariable("PEER_PYTHON") ?? "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "peers", "multilabel.py"), path, Text(set.Inputs), Text(set.LabelCount), Text(threads)]));
        if (PeerProcess.Start(kind, folder.FullName, Environment.ProcessorCount) is { } process)
            return new ScikitLearnMultiLabel(set, folder, process);
        folder.Delete(recursive: true);
        return null;
    }

    /// <summary>Trains on a fold's training rows and scores its test rows.</summary>
    /// <returns>(test rows, labels), logits, and the seconds that training took.</returns>
    public (float[][] Scores, double Seconds) Run(string name, Fold fold)
    {
        var answer = _process.Ask($"{Variants[name]} {fold.Number} {string.Join(' ', fold.Test)}");
        return ([.. answer.Skip(1).Select(value => (float)value).Chunk(_set.LabelCount)], answer[0]);
    }

    /// <summary>What scikit-learn's metrics are of some rows' scores.</summary>
    public MultiLabelScore Evaluate(int[] rows, float[][] scores)
    {
        Write(_folder, "scores.f32", [.. scores.SelectMany(row => row)]);
        var answer = _process.Ask($"metrics 0 {string.Join(' ', rows)}");
        return new MultiLabelScore(answer[0], answer[1], answer[2], answer[3]);
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static void Write(DirectoryInfo folder, string name, float[] values) => File.WriteAllBytes(Path.Combine(folder.FullName, name), MemoryMarshal.AsBytes(values.AsSpan()).ToArray());

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
