using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What comes before the hidden layers.</summary>
/// <param name="Missing">Takes missing features; null where none is missing.</param>
/// <param name="Standardization">Standardizes features; null where they stay as they are.</param>
/// <param name="Embedding">Functions of single numbers, of each network of an ensemble its own; null for none.</param>
/// <param name="EmbedsBeside">Whether these are not put between the features and the first hidden layer, but beside that: among sparse rows.</param>
internal sealed record TableLayers(MissingValueLayer? Missing, StandardizationLayer? Standardization, NumericEmbeddingLayer? Embedding, bool EmbedsBeside = false)
{
    /// <summary>Puts the functions of numbers where they belong.</summary>
    /// <param name="layers">Hidden layers and the output layer; changed in place.</param>
    public void AddEmbedding(List<Layer> layers)
    {
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
