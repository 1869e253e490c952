using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine;

/// <summary>In words, a line each, everything that decides the bits of a training: layers, options, initial weights and data.</summary>
internal static class TrainingFingerprint
{
    /// <summary>What changes no bit, or may be chosen anew.</summary>
    private static readonly HashSet<string> Free =
    [
        nameof(TrainingOptions.NumberOfThreads), nameof(TrainingOptions.EpochCompleted), nameof(TrainingOptions.BatchCompleted),
        nameof(TrainingOptions.TrainingCompleted), nameof(TrainingOptions.RecordDiagnostics), nameof(TrainingOptions.Checkpoints),
        nameof(TrainingOptions.CancellationToken), nameof(TrainingOptions.CancellationBehavior),
    ];

    public static string Of(Network network, TrainingOptions options, Loss loss, RowSource training, RowSource? validation, int epochsBefore)
    {
        var lines = new List<string> { $"layers: {network}", $"loss in force: {Describe(loss)}" };
        foreach (var option in typeof(TrainingOptions).GetProperties().Where(p => !Free.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal))
            lines.Add($"{option.Name}: {Describe(option.GetValue(options))}");
        lines.Add($"initial weights: checksum {Checksum(network.Parameters)}");
        lines.Add($"training rows: {training.Fingerprint()}");
        lines.Add($"validation rows: {validation?.Fingerprint() ?? "none"}");
        if (epochsBefore > 0)
            lines.Add(FormattableString.Invariant($"epochs before: {epochsBefore}"));
        return string.Join('\n', lines);
    }

    /// <summary>The first line that differs.</summary>
    public static string Difference(string saved, string current)
    {
        var difference = saved.Split('\n').Zip(current.Split('\n')).FirstOrDefault(pair => pair.First != pair.Second);
        return $"saved with '{difference.First}', now '{difference.Second}'";
    }

    /// <summary>An option with its constants, which not every name tells.</summary>
    private static string Describe(object? value)
    {
        if (value is IEnumerable items and not string)
            return $"[{string.Join(", ", items.Cast<object?>().Select(Describe))}]";
        // Only into these: the properties of a constant of a user's loss may lead anywhere, and in a circle.
        if (value is not (Loss or Optimizer or LearningRateSchedule or EarlyStopping or Augmentation))
            return value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        var constants = value.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetIndexParameters().Length == 0);
        return $"{value} {{{string.Join(", ", constants.Select(p => $"{p.Name} = {Describe(p.GetValue(value))}"))}}}";
    }

    private static string Checksum(IReadOnlyList<Parameter> parameters)
    {
        using var stream = new ChecksumStream(Stream.Null);
        foreach (var parameter in parameters)
            stream.Write(MemoryMarshal.AsBytes(parameter.Elements));
        return $"{stream.Checksum:x8}";
    }
}
