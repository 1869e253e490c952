using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// The mean of each channel in a window that moves over an image or along a sequence: a smaller, smoother result.
/// </summary>
/// <remarks>
/// It takes images, (height x width x channels), and sequences, (steps x channels). Each value takes an equal share of the gradient.
/// </remarks>
public sealed class AveragePoolingLayer : Layer
{
    private readonly PoolingWindow _window;

    /// <summary>A layer whose window has a size, moves by a stride and may reach over the edges.</summary>
    /// <param name="size">The window's size, each dimension in [1, 10000].</param>
    /// <param name="stride">From one position of the window to the next, each dimension in [1, 10000]; null, the default, for <paramref name="size"/>, so that windows lie side by side.</param>
    /// <param name="padding">What happens at the edges; Valid, which adds nothing, by default. Padded positions do not count: a mean is over positions inside the input, as in Keras, and in ONNX with count_include_pad = 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public AveragePoolingLayer(SpatialSize size, SpatialSize? stride = null, Padding padding = Padding.Valid) => _window = PoolingWindow.Of(size, stride, padding);

    /// <summary>The window's size.</summary>
    public SpatialSize Size => _window.Size;

    /// <summary>From one position of the window to the next.</summary>
    public SpatialSize Stride => _window.Stride;

    /// <summary>What happens at the edges.</summary>
    public Padding Padding => _window.Padding;

    /// <summary>Such as "Average pooling 2", or "Average pooling 3, stride 2, same".</summary>
    public override string ToString() => $"Average pooling {_window}";

    internal static Layer Read(BinaryReader reader)
    {
        var window = PoolingWindow.Read(reader);
        return new AveragePoolingLayer(window.Size, window.Stride, window.Padding);
    }

    /// <summary>As <see cref="PoolingWindow.Write"/> says.</summary>
    internal override void Write(BinaryWriter writer) => _window.Write(writer);

    internal override Shape OutputShape(Shape input)
    {
        var geometry = _window.Over(input);
        return geometry.OutputShape(geometry.Channels);
    }

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => OnnxWindow.Pool("AveragePool", input, _window.Over(layer.InputShape), layer.OutputShape);

    internal override LayerPasses Bind(NetworkLayer layer) => new AveragePoolingPasses(_window.Over(layer.InputShape));
}
