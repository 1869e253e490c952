using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The mean of each channel over all positions. It turns images or sequences of any size into a plain row of one value a channel.</summary>
/// <remarks>It takes images, (height x width x channels), and sequences, (steps x channels). Lin, Chen and Yan, "Network in network" (2013), section 3.2, who put it in place of large dense layers.</remarks>
public sealed class GlobalAveragePoolingLayer : Layer
{
    /// <summary>"Global average pooling".</summary>
    public override string ToString() => "Global average pooling";

    internal static Layer Read(BinaryReader reader) => new GlobalAveragePoolingLayer();

    /// <summary>Nothing.</summary>
    internal override void Write(BinaryWriter writer)
    {
    }

    internal override Shape OutputShape(Shape input) => PoolingWindow.Whole(input).Channels;

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => OnnxWindow.PoolWhole("GlobalAveragePool", input, layer.OutputShape);

    internal override LayerPasses Bind(NetworkLayer layer) => new AveragePoolingPasses(PoolingWindow.Whole(layer.InputShape));
}
