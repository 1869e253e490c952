using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Everything that determines the bits of a training, in words, a line each: layers, options, data and initial weights.</summary>
internal static class TrainingFingerprint
{
    /// <summary>The options that change no bit of what is learned, or that may differ when a training goes on.</summary>
    private static readonly HashSet<string> IgnoredOptions =
    [
        nameof(TrainingOptions.NumberOfThreads), nameof(TrainingOptions.EpochCompleted), nameof(TrainingOptions.BatchCompleted),
        nameof(TrainingOptions.TrainingCompleted), nameof(TrainingOptions.RecordDiagnostics), nameof(TrainingOptions.Checkpoints),
        nameof(TrainingOptions.CancellationToken), nameof(TrainingOptions.CancellationBehavior),
    ];

    public static string Of(Network network, TrainingOptions options, Loss loss, RowSource training, RowSource? validation, (int Epochs, long Steps, long StepsOfOptimizer) before)
    {
        var lines = new List<string> { $"layers: {network}", $"loss in force: {ConstantsText.Of(loss)}" };
        foreach (var option in typeof(TrainingOptions).GetProperties().Where(p => !IgnoredOptions.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal))
            lines.Add($"{option.Name}: {ConstantsText.Of(option.GetValue(options))}");
        lines.Add($"decay of functions: {options.FunctionDecay ?? FunctionDecay.Squares}");
        lines.Add(FormattableString.Invariant($"trained before: {before.Epochs} epochs, {before.Steps} steps, {before.StepsOfOptimizer} of them with this optimizer"));
        lines.Add($"training rows: {training.Fingerprint()}");
        lines.Add($"validation rows: {validation?.Fingerprint() ?? "none"}");
        // The rest is last, since an error reports the first line that differs. What a layer's text leaves out, such as the columns of an embedding, may come of the rows, and then these are what to report.
        lines.Add($"settings of layers: checksum {Checksum(stream => NetworkWriter.WriteLayers(network, stream))}");
        // Other rows change these weights too, by standardization.
        lines.Add($"initial weights: checksum {Checksum(stream => WriteElements(network.Parameters, stream))}");
        return string.Join('\n', lines);
    }

    /// <summary>The first line that differs.</summary>
    public static string Difference(string saved, string current)
    {
        var difference = saved.Split('\n').Zip(current.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second);
        return $"saved with '{difference.First}', now '{difference.Second}'";
    }

    private static string Checksum(Action<Stream> write)
    {
        using var stream = new ChecksumStream(Stream.Null);
        write(stream);
        return $"{stream.Checksum:x8}";
    }

    private static void WriteElements(IReadOnlyList<Parameter> parameters, Stream destination)
    {
        foreach (var parameter in parameters)
            RawBytes.Write(destination, parameter.Elements);
    }
}
