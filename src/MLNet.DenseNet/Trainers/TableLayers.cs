using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What comes before the hidden layers.</summary>
/// <param name="Missing">Takes missing features; null where none is missing.</param>
/// <param name="Standardization">Standardizes features; null where they stay as they are.</param>
/// <param name="Embedding">Functions of single numbers, of each network of an ensemble its own; null for none.</param>
/// <param name="EmbedsBeside">Whether these are not put between the features and the first hidden layer, but beside that: among sparse rows.</param>
/// <param name="Screens">Whether features are weighed by how surely they go with the label (<see cref="FeatureScreening"/>), of each network of an ensemble by its own rows.</param>
/// <param name="Components">Principal components of numbers, behind the standardization; null for none.</param>
internal sealed record TableLayers(MissingValueLayer? Missing, StandardizationLayer? Standardization, NumericEmbeddingLayer? Embedding, bool EmbedsBeside = false, bool Screens = false, PrincipalComponentsLayer? Components = null)
{
    // So far away that nothing of what is weighed is clipped.
    private const float LimitOfScreening = 1000;

    /// <summary>The position of the weights of features in each network.</summary>
    public int IndexOfScreening => Missing is null ? 1 : 2;

    /// <summary>Puts the functions of numbers, or the weights of features, where they belong.</summary>
    /// <param name="layers">Hidden layers and the output layer; changed in place.</param>
    public void AddTo(List<Layer> layers)
    {
        if (Screens)
            layers.Insert(0, new StandardizationLayer(LimitOfScreening));
        if (Embedding is null)
            return;
        if (!EmbedsBeside)
        {
            layers.Insert(0, Embedding);
            return;
        }

        var first = (DenseLayer)layers[0];
        layers[0] = new WideAndDeepLayer(Embedding.Columns!, [new NumericEmbeddingLayer(Embedding.Units, Embedding.Bins, columns: null, Embedding.ScaleRate), new DenseLayer(first.Units)]);
        layers.Insert(1, new ActivationLayer(first.Activation));
    }

    /// <summary>Whether a trained network weighs features.</summary>
    public static bool AreScreened(Network network) => network.Members[0].Layers.Any(place => place.Layer is StandardizationLayer { Limit: LimitOfScreening });

    /// <summary>The functions of numbers that a trained network has, and whether they are beside its first hidden layer.</summary>
    public static (NumericEmbeddingLayer? Embedding, bool IsBeside) EmbeddingOf(Network network)
    {
        foreach (var place in network.Members[0].Layers)
        {
            if (place.Layer is NumericEmbeddingLayer inFront)
                return (inFront, false);
            if (place.Layer is WideAndDeepLayer { Layers: [NumericEmbeddingLayer beside, ..], Columns: var columns })
                return (new NumericEmbeddingLayer(beside.Units, beside.Bins, columns, beside.ScaleRate), true);
        }

        return (null, false);
    }
}
