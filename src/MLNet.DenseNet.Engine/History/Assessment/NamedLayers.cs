using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.DenseNet.Engine;

/// <summary>What a history tells of the layers that were trained. It knows them by their names alone.</summary>
internal static partial class NamedLayers
{
    private static readonly string[] OfOptions = ["Dense", "Dropout", "Standardization", "Missing values", "Principal components", "Numeric embedding", "Wide and deep", "Activation"];

    public static bool IsStandardized(TrainingHistory history) => Of(history, "Standardization").Any();

    /// <summary>The share that dropout drops, as a layer or on the inputs of one.</summary>
    /// <returns>The largest; 0 for none.</returns>
    public static float DropoutRate(TrainingHistory history) =>
        (history.Network?.Layers ?? []).SelectMany(l => Rate().Matches(l.Layer)).Select(match => float.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? rate : 0).DefaultIfEmpty(0).Max();

    /// <summary>Whether a layer before the last one, or inside one, has an activation.</summary>
    public static bool HasHiddenLayer(TrainingHistory history)
    {
        return (history.Network?.Layers ?? []).SkipLast(1).Any(HasActivation);

        static bool HasActivation(LayerSummary layer) => layer.Activation is not null || layer.Layers.Any(HasActivation);
    }

    /// <summary>The weights of the network, of an ensemble those of one of its networks.</summary>
    public static int WeightsOfOne(TrainingHistory history) => (history.Network?.Layers ?? []).Sum(layer => layer.ParameterCount / layer.Members);

    /// <summary>Whether the network learns from images: features of three dimensions.</summary>
    public static bool IsOfImages(TrainingHistory history) => history.Network is { Layers: [var first, ..] } && first.InputShape.Dimensions.Length > 2;

    /// <summary>Whether all layers are of those that HiddenLayers, Activation and DropoutRate can make, and a trainer puts in front of them.</summary>
    public static bool AreDense(TrainingHistory history) =>
        history.Network is null || history.Network.Layers.All(l => OfOptions.Any(kind => l.Layer.StartsWith(kind, StringComparison.Ordinal)));

    [GeneratedRegex(@"\b[Dd]ropout ([0-9.E-]*[0-9])")]
    private static partial Regex Rate();

    /// <summary>The rest of the names of the layers of a kind, after the kind.</summary>
    private static IEnumerable<string> Of(TrainingHistory history, string kind) =>
        (history.Network?.Layers ?? []).Where(l => l.Layer.StartsWith(kind, StringComparison.Ordinal)).Select(l => l.Layer[kind.Length..]);
}
