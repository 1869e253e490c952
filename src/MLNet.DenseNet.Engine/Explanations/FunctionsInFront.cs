namespace MLNet.DenseNet.Engine;

/// <summary>A network that computes what another one does, with functions of numbers in front of its sums instead of beside them, where a way through what they make is a way through single numbers.</summary>
internal static class FunctionsInFront
{
    /// <summary>
    /// Puts the functions of a wide and deep layer as trainers make it, an embedding of numbers and then sums, before all sums: x W + [f c, f E(c)] V is [x, f E(c)] U, where the rows of U are those of W, to which for the numbers c those of V are added f times,
    /// and then those of V for the functions E. f is 1, or where the embedding has scales the factor of a number.
    /// </summary>
    /// <param name="network">Without an ensemble.</param>
    /// <returns>The same network where it has no such layer.</returns>
    public static Network Of(Network network)
    {
        var places = network.Layers;
        var index = places.TakeWhile(place => place.Layer is not WideAndDeepLayer).Count();
        if (index == places.Count || places[index] is not { Layer: WideAndDeepLayer { Layers: [NumericEmbeddingLayer { Columns: null } embedding, DenseLayer sums] } wide } beside || sums.Activation != Activation.Identity)
            return network;
        var front = Network.Create(
            network.InputShape,
            [.. places.Take(index).Select(place => place.Layer), new NumericEmbeddingLayer(embedding.Units, embedding.Bins, wide.Columns), new DenseLayer(sums.Units), .. places.Skip(index + 1).Select(place => place.Layer)], seed: 0);
        for (var i = 0; i < places.Count; i++)
        {
            if (i != index)
                CopyParameters(places[i], front.Layers[i < index ? i : i + 1]);
        }

        var (functions, own) = (beside.Inner[0], beside.Inner[1].Parameters);
        var factors = NumericEmbeddingLayer.FactorsOf(functions);
        var values = embedding.Bins * embedding.Units;
        NumericEmbeddingLayer.Set(front.Layers[index], NumericEmbeddingLayer.EdgesOf(functions));
        front.Layers[index].Parameters[1].Set([.. functions.Parameters[1].ToArray().Select((weight, i) => factors[i / values] * weight)]);
        var (deep, units) = (own[0].ToArray(), sums.Units);
        float[] weights = [.. beside.Parameters[0].ToArray(), .. deep.AsSpan(factors.Length * units)];
        for (var number = 0; number < factors.Length; number++)
        {
            for (var unit = 0; unit < units; unit++)
                weights[wide.Columns[number] * units + unit] += factors[number] * deep[number * units + unit];
        }

        front.Layers[index + 1].Parameters[0].Set(weights);
        front.Layers[index + 1].Parameters[1].CopyFrom(own[1]);
        return front;
    }

    private static void CopyParameters(NetworkLayer from, NetworkLayer to)
    {
        foreach (var (source, destination) in from.Parameters.Zip(to.Parameters))
            destination.CopyFrom(source);
    }
}
