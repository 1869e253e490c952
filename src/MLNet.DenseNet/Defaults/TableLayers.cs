using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What comes before the hidden layers.</summary>
/// <param name="Missing">Takes missing features; null where none is missing.</param>
/// <param name="Standardization">Standardizes features; null where they stay as they are.</param>
/// <param name="Embedding">Functions of single numbers, of each network of an ensemble its own; null for none.</param>
/// <param name="EmbedsBeside">Whether these are not put between the features and the first hidden layer, but beside that: among sparse rows.</param>
/// <param name="Screens">Whether features are weighed by how surely they go with the label (<see cref="FeatureScreening"/>), of each network of an ensemble by its own rows.</param>
/// <param name="Components">Principal components of numbers, behind the standardization; null for none.</param>
/// <param name="HasSumsBeside">Whether weighted sums of all that comes to the functions of numbers, a linear model, are added to the outputs (<see cref="WideAndDeepLayer"/>).</param>
/// <param name="Codes">Which numbers are codes (<see cref="CodeColumns"/>), whose functions have a bin for each value; null for none.</param>
/// <param name="Screened">The numbers, of which only those that tell something are embedded; null where all are.</param>
internal sealed record TableLayers(MissingValueLayer? Missing, StandardizationLayer? Standardization, NumericEmbeddingLayer? Embedding, bool EmbedsBeside = false, bool Screens = false, PrincipalComponentsLayer? Components = null, bool HasSumsBeside = false, IReadOnlyList<int>? Codes = null, ScreenedNumbers? Screened = null)
{
    // So far away that nothing of what is weighed is clipped.
    private const float LimitOfScreening = 1000;

    /// <summary>The position of the weights of features in each network.</summary>
    public int IndexOfScreening => Missing is null ? 1 : 2;

    /// <summary>Puts the functions of numbers, or the weights of features, where they belong, and sums beside all.</summary>
    /// <param name="layers">Hidden layers and the output layer.</param>
    /// <param name="features">How many there are.</param>
    public IReadOnlyList<Layer> With(IReadOnlyList<Layer> layers, int features)
    {
        if (Screens)
            layers = [new StandardizationLayer(LimitOfScreening), .. layers];
        if (Embedding is null)
            return layers;
        if (EmbedsBeside)
        {
            var first = (DenseLayer)layers[0];
            return [new WideAndDeepLayer(Embedding.Columns!, [new NumericEmbeddingLayer(Embedding.Units, Embedding.Bins, columns: null, Embedding.ScaleRate), new DenseLayer(first.Units)]), new ActivationLayer(first.Activation), .. layers.Skip(1)];
        }

        layers = [Embedding, .. layers];
        return HasSumsBeside ? [new WideAndDeepLayer([.. Enumerable.Range(0, features + (Missing?.Columns.Count ?? 0) + (Components?.Components ?? 0))], layers)] : layers;
    }

    /// <summary>Whether a trained network weighs features.</summary>
    public static bool AreScreened(Network network) => network.Members[0].Layers.Any(place => place.Layer is StandardizationLayer { Limit: LimitOfScreening });

    /// <summary>The standardization that a trained network has; null for none.</summary>
    public static StandardizationLayer? StandardizationOf(Network network) => network.Layers.Select(place => place.Layer).OfType<StandardizationLayer>().FirstOrDefault();

    /// <summary>The functions of numbers that a trained network has, whether they are beside its first hidden layer, and whether sums are beside them all.</summary>
    public static (NumericEmbeddingLayer? Embedding, bool IsBeside, bool HasSumsBeside) EmbeddingOf(Network network)
    {
        if (network.Members[0].Layers[^1].Layer is WideAndDeepLayer { Layers: [NumericEmbeddingLayer deep, ..] })
            return (deep, false, true);
        foreach (var place in network.Members[0].Layers)
        {
            if (place.Layer is NumericEmbeddingLayer inFront)
                return (inFront, false, false);
            if (place.Layer is WideAndDeepLayer { Layers: [NumericEmbeddingLayer beside, ..], Columns: var columns })
                return (new NumericEmbeddingLayer(beside.Units, beside.Bins, columns, beside.ScaleRate), true, false);
        }

        return default;
    }
}
