using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The largest value of each channel over all positions. It turns images or sequences of any size into a plain row of one value a channel.</summary>
/// <remarks>It takes images, (height x width x channels), and sequences, (steps x channels). Of equal values the first one takes the gradient.</remarks>
public sealed class GlobalMaxPoolingLayer : Layer
{
    /// <summary>"Global max pooling".</summary>
    public override string ToString() => "Global max pooling";

    internal static Layer Read(BinaryReader reader) => new GlobalMaxPoolingLayer();

    /// <summary>Nothing.</summary>
    internal override void Write(BinaryWriter writer)
    {
    }

    internal override Shape OutputShape(Shape input) => MaxPoolingPasses.Checked(PoolingWindow.Whole(input)).Channels;

    /// <summary>The tap that won, for each output.</summary>
    internal override LayerMemory Cache(Shape input) => new(OutputShape(input).Size);

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        return Pool(input).WithMissing(Pool(input.AreMissing()));

        OnnxRows Pool(OnnxRows rows) => OnnxWindow.PoolWhole("GlobalMaxPool", rows, layer.OutputShape);
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new MaxPoolingPasses(PoolingWindow.Whole(layer.InputShape));
}
