namespace MLNet.DenseNet.Engine;

/// <summary>Gives layers their places in a network: shapes, indices, numbers of random bits, and parameters, which are 0 at first.</summary>
internal static class NetworkBuilder
{
    /// <inheritdoc cref="Network.Create"/>
    public static Network Build(Shape inputShape, IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        // A layer that is null is refused below.
        var count = layers.Sum(layer => (long)(layer?.Count ?? 1));
        if (count is 0 or > Layer.MaxCount)
            throw new ArgumentException(FormattableString.Invariant($"A network has 1 to {Layer.MaxCount:N0} layers; {count:N0} were given."), nameof(layers));

        // Refuses too large a network before memory is allocated for it.
        NetworkSizes.Of(inputShape, layers);
        if (layers.ToList().FindIndex(layer => layer is EnsembleLayer) is >= 0 and var index)
            return BuildEnsemble(inputShape, layers, index);
        var (places, parameters) = Place(layers, inputShape, firstIndex: 0, firstStream: 0);
        return new Network(inputShape, places, parameters);
    }

    private static Network BuildEnsemble(Shape inputShape, IReadOnlyList<Layer> layers, int index)
    {
        var ensemble = (EnsembleLayer)layers[index];
        var (common, parameters) = Place([.. layers.Take(index)], inputShape, firstIndex: 0, firstStream: 0);
        // All members share what comes before them, so none of them may change it.
        if (index < layers.Count - 1 || common.SelectMany(place => place.Parameters).Any(parameter => parameter.Role != ParameterRole.Constant))
            throw new ArgumentException($"An ensemble must be the last layer of a network, after layers that are not trained; it is layer {index} of [{string.Join("; ", layers)}].", nameof(layers));

        var shape = index == 0 ? inputShape : common[^1].OutputShape;
        var (firstStream, streams) = (common.Sum(place => place.Layer.Count), ensemble.Layers.Sum(layer => layer.Count));
        var members = Enumerable.Range(0, ensemble.Members).Select(member =>
        {
            // Each layer has random numbers of its own.
            var (places, own) = Place(ensemble.Layers, shape, index + member * ensemble.Layers.Count, firstStream + member * streams, member);
            return new Network(inputShape, [.. common, .. places], own);
        }).ToArray();
        var parametersOfMembers = members.SelectMany(member => member.Layers.Skip(index)).SelectMany(place => place.Parameters);
        return new Network(inputShape, [.. common, new NetworkLayer(index, firstStream, ensemble, shape, [.. parametersOfMembers])], parameters, new Ensemble(members, index));
    }

    /// <param name="layers">In order.</param>
    /// <param name="shape">The input shape of the first one.</param>
    /// <param name="firstIndex">The index of the first one.</param>
    /// <param name="firstStream">The number of its random bits.</param>
    /// <param name="member">The member of an ensemble that they belong to, from 0, which is part of their parameters' names; null for none.</param>
    private static (NetworkLayer[] Places, ParameterBuffer Parameters) Place(IReadOnlyList<Layer> layers, Shape shape, int firstIndex, int firstStream, int? member = null)
    {
        ParameterLengths lengths = default;
        var input = shape;
        foreach (var layer in layers)
        {
            lengths += ParameterLengths.Of(layer, input);
            input = layer.OutputShape(input);
        }

        var buffer = new ParameterBuffer(lengths);
        var places = new NetworkLayer[layers.Count];
        var stream = firstStream;
        for (var i = 0; i < places.Length; i++)
        {
            var suffix = member is null ? "" : $" {member + 1}.{i + 1}";
            var own = layers[i].AllParameters(shape).Select(wanted => buffer.Place(wanted with { Name = wanted.Name + suffix }));
            places[i] = new NetworkLayer(firstIndex + i, stream, layers[i], shape, [.. own]);
            (stream, shape) = (stream + layers[i].Count, places[i].OutputShape);
        }

        return (places, buffer);
    }
}
