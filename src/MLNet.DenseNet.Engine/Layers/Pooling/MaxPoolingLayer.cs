using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Keeps the largest value of each channel in a window that moves over an image or along a sequence: the result is smaller, and says whether something is there rather than where.
/// </summary>
/// <remarks>
/// It takes images, (height x width x channels), and sequences, (steps x channels). Of equal values the first one, down first, then across, takes the gradient. Where a window holds not-a-number, that is its largest value.
/// </remarks>
public sealed class MaxPoolingLayer : Layer
{
    private readonly PoolingWindow _window;

    /// <summary>A layer whose window has a size, moves by a stride and may reach over the edges.</summary>
    /// <param name="size">The window's size, each dimension in [1, 10000].</param>
    /// <param name="stride">From one position of the window to the next, each dimension in [1, 10000]; null, the default, for <paramref name="size"/>, so that windows lie side by side.</param>
    /// <param name="padding">What happens at the edges; Valid, which adds nothing, by default. Padded positions never win.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public MaxPoolingLayer(SpatialSize size, SpatialSize? stride = null, Padding padding = Padding.Valid) => _window = PoolingWindow.Of(size, stride, padding);

    /// <summary>The window's size.</summary>
    public SpatialSize Size => _window.Size;

    /// <summary>From one position of the window to the next.</summary>
    public SpatialSize Stride => _window.Stride;

    /// <summary>What happens at the edges.</summary>
    public Padding Padding => _window.Padding;

    /// <summary>Such as "Max pooling 2", or "Max pooling 3, stride 2, same".</summary>
    public override string ToString() => $"Max pooling {_window}";

    internal static Layer Read(BinaryReader reader)
    {
        var window = PoolingWindow.Read(reader);
        return new MaxPoolingLayer(window.Size, window.Stride, window.Padding);
    }

    /// <summary>As <see cref="PoolingWindow.Write"/> says.</summary>
    internal override void Write(BinaryWriter writer) => _window.Write(writer);

    internal override Shape OutputShape(Shape input)
    {
        var geometry = MaxPoolingPasses.Checked(_window.Over(input));
        return geometry.OutputShape(geometry.Channels);
    }

    /// <summary>The tap that won, for each output.</summary>
    internal override LayerMemory Cache(Shape input) => new(OutputShape(input).Size);

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        return Pool(input).WithMissing(Pool(input.AreMissing()));

        OnnxRows Pool(OnnxRows rows) => OnnxWindow.Pool("MaxPool", rows, _window.Over(layer.InputShape), layer.OutputShape);
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new MaxPoolingPasses(_window.Over(layer.InputShape));
}
