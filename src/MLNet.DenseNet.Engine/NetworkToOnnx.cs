namespace MLNet.DenseNet.Engine;

/// <summary>The forward pass of a network at prediction as nodes of an ONNX graph.</summary>
internal static class NetworkToOnnx
{
    /// <summary>Adds all layers; of an ensemble, all members and the mean of their logits.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">Rows of the network's input shape.</param>
    /// <returns>What goes out.</returns>
    public static OnnxRows Add(Network network, OnnxRows input)
    {
        var common = Run(network.Layers.Take(network.CommonLayers), input);
        if (network.Ensemble is not { } ensemble)
            return common;

        var logits = new string[ensemble.Members.Length];
        for (var member = 0; member < logits.Length; member++)
            logits[member] = Run(ensemble.Members[member].ToLogits().Layers.Skip(network.CommonLayers), common).ChannelsLast;
        var mean = OnnxRows.Of(input.Graph, network.OutputShape, input.Graph.Node("Mean", logits));
        return network.OutputActivation?.ToOnnx(mean) ?? mean;
    }

    private static OnnxRows Run(IEnumerable<NetworkLayer> layers, OnnxRows rows)
    {
        foreach (var layer in layers)
            rows = layer.Layer.ToOnnx(rows, layer);
        return rows;
    }
}
