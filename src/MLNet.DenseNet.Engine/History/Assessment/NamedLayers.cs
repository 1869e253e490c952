using System.Globalization;

namespace MLNet.DenseNet.Engine;

/// <summary>What a history tells of the layers that were trained. It knows them by their names alone.</summary>
internal static class NamedLayers
{
    public static bool IsStandardized(TrainingHistory history) => Of(history, "Standardization").Any();

    /// <returns>The largest; 0 for none.</returns>
    public static float DropoutRate(TrainingHistory history) =>
        Of(history, "Dropout").Select(rest => float.TryParse(rest, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : 0).DefaultIfEmpty(0).Max();

    /// <summary>The rest of the names of the layers of a kind, after the kind.</summary>
    private static IEnumerable<string> Of(TrainingHistory history, string kind) =>
        (history.Network?.Layers ?? []).Where(l => l.Layer.StartsWith(kind, StringComparison.Ordinal)).Select(l => l.Layer[kind.Length..]);
}
