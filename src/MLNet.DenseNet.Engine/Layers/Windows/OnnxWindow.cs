namespace MLNet.DenseNet.Engine;

/// <summary>What ONNX's convolutions and pooling have in common. They take channels first.</summary>
internal static class OnnxWindow
{
    /// <summary>Adds pooling by a window.</summary>
    /// <param name="operation">"MaxPool" or "AveragePool", which leaves padding out of its means.</param>
    /// <param name="input">What comes in.</param>
    /// <param name="window">The window's way.</param>
    /// <param name="output">The shape that comes out.</param>
    public static OnnxRows Pool(string operation, OnnxRows input, WindowGeometry window, Shape output) =>
        OnnxRows.OfChannelsFirst(input.Graph, output, input.Graph.Node(operation, [input.ChannelsFirst], [.. Attributes(window)]));

    /// <summary>Adds pooling over all positions.</summary>
    public static OnnxRows PoolWhole(string operation, OnnxRows input, Shape output) =>
        OnnxRows.Of(input.Graph, output, input.Graph.Reshape(input.Graph.Node(operation, [input.ChannelsFirst]), output.Size));

    /// <summary>Adds the weights of filters.</summary>
    /// <param name="graph">Where to.</param>
    /// <param name="window">The window.</param>
    /// <param name="weights">(positions of the window x channels of a group x filters).</param>
    /// <param name="filters">The number of filters.</param>
    /// <returns>The name of (filters x channels of a group x positions of the window).</returns>
    public static string Weights(OnnxGraph graph, WindowGeometry window, float[] weights, int filters)
    {
        var channels = weights.Length / window.Taps / filters;
        var ordered = new float[weights.Length];
        for (var tap = 0; tap < window.Taps; tap++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                for (var filter = 0; filter < filters; filter++)
                    ordered[(filter * channels + channel) * window.Taps + tap] = weights[(tap * channels + channel) * filters + filter];
            }
        }

        return window.IsImage ? graph.Constant("weights", ordered, filters, channels, window.Rows.Window, window.Columns.Window) : graph.Constant("weights", ordered, filters, channels, window.Columns.Window);
    }

    /// <summary>The attributes of a window's way.</summary>
    public static (string Name, object Value)[] Attributes(WindowGeometry window) =>
    [
        ("kernel_shape", window.Extents(axis => axis.Window)),
        ("strides", window.Extents(axis => axis.Stride)),
        ("pads", (long[])[.. window.Extents(axis => axis.Before), .. window.Extents(axis => axis.After)]),
    ];
}
