using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A convolution: filters that move over an image, (height x width x channels), or along a sequence, (steps x channels). An output is the weighted sum of what its filter sees plus the filter's bias, then the
/// activation: y[p, f] = activation(b[f] + Σ over taps t and channels c of x[p * stride + t * dilation - padding, c] W[t, c, f]). Parameters: "weights" (kernel height x kernel width x channels of a group x
/// filters; for a sequence without the height) and "bias" (filters).
/// </summary>
/// <remarks>This is cross-correlation, as in all libraries of the field: the kernel is not flipped. LeCun et al., "Gradient-based learning applied to document recognition" (1998).</remarks>
public sealed class ConvolutionLayer : Layer
{
    private const int Weights = 0;
    private const int Bias = 1;

    /// <summary>A layer of <paramref name="filters"/> filters.</summary>
    /// <param name="filters">The number of output channels, at least 1.</param>
    /// <param name="kernelSize">The size of the window, at least 1 in each dimension.</param>
    /// <param name="stride">From one position of the window to the next, at least 1; null, the default, for 1.</param>
    /// <param name="padding">What the window does at the edges; Valid by default: it stays inside.</param>
    /// <param name="dilation">From one position in the window to the next, at least 1; null, the default, for 1: a window without holes.</param>
    /// <param name="groups">Into how many groups channels and filters are divided; a filter sees the channels of its group alone. 1 by default; as many as there are channels for a depthwise convolution.</param>
    /// <param name="activation">What every sum goes through; null, the default, for <see cref="Activation.Identity"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, a size is above 10,000, or <paramref name="padding"/> is no member of its enumeration.</exception>
    /// <exception cref="ArgumentException"><paramref name="groups"/> does not divide <paramref name="filters"/>.</exception>
    public ConvolutionLayer(
        int filters, SpatialSize kernelSize, SpatialSize? stride = null, Padding padding = Padding.Valid, SpatialSize? dilation = null, int groups = 1, Activation? activation = null)
    {
        if (filters < 1)
            throw new ArgumentOutOfRangeException(nameof(filters), FormattableString.Invariant($"A convolution needs at least 1 filter; {filters} was given."));
        if (groups < 1)
            throw new ArgumentOutOfRangeException(nameof(groups), FormattableString.Invariant($"A convolution has at least 1 group; {groups} was given."));
        if (filters % groups != 0)
            throw new ArgumentException(FormattableString.Invariant($"The groups of a convolution have the same number of filters; {groups} groups do not divide {filters} filters."), nameof(groups));
        if (!Enum.IsDefined(padding))
            throw new ArgumentOutOfRangeException(nameof(padding), padding, "The padding must be a member of its enumeration.");
        Filters = filters;
        KernelSize = kernelSize.Checked(nameof(kernelSize));
        Stride = (stride ?? 1).Checked(nameof(stride));
        Padding = padding;
        Dilation = (dilation ?? 1).Checked(nameof(dilation));
        Groups = groups;
        Activation = activation ?? Activation.Identity;
    }

    /// <summary>The number of output channels.</summary>
    public int Filters { get; }

    /// <summary>The size of the window.</summary>
    public SpatialSize KernelSize { get; }

    /// <summary>From one position of the window to the next.</summary>
    public SpatialSize Stride { get; }

    /// <summary>What the window does at the edges.</summary>
    public Padding Padding { get; }

    /// <summary>From one position in the window to the next.</summary>
    public SpatialSize Dilation { get; }

    /// <summary>Into how many groups channels and filters are divided.</summary>
    public int Groups { get; }

    /// <summary>What every sum goes through.</summary>
    public Activation Activation { get; }

    /// <summary>Such as "Convolution 32, kernel 3, stride 2, same padding, ReLU".</summary>
    public override string ToString() => FormattableString.Invariant($"Convolution {Filters}, kernel {KernelSize}")
        + (Stride == 1 ? "" : $", stride {Stride}") + (Padding == Padding.Same ? ", same padding" : "") + (Dilation == 1 ? "" : $", dilation {Dilation}")
        + (Groups == 1 ? "" : FormattableString.Invariant($", {Groups} groups")) + $", {Activation}";

    internal override Activation? OutputActivation => Activation;

    internal static Layer Read(BinaryReader reader) => new ConvolutionLayer(
        reader.ReadInt32(), SpatialSize.Read(reader), SpatialSize.Read(reader), (Padding)reader.ReadByte(), SpatialSize.Read(reader), reader.ReadInt32(), ActivationKinds.Read(reader));

    /// <summary>int32 filters, kernel size, stride, byte padding, dilation, int32 groups, byte activation (ActivationKinds), float32 slope where it is leaky ReLU. Sizes: int32 height, int32 width.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Filters);
        KernelSize.Write(writer);
        Stride.Write(writer);
        writer.Write((byte)Padding);
        Dilation.Write(writer);
        writer.Write(Groups);
        ActivationKinds.Write(Activation, writer);
    }

    internal override Layer WithoutActivation() => new ConvolutionLayer(Filters, KernelSize, Stride, Padding, Dilation, Groups);

    internal override Shape OutputShape(Shape input)
    {
        var window = WindowGeometry.Of(input, KernelSize, Stride, Dilation, Padding);
        if (window.Channels % Groups != 0)
            throw new ArgumentException(FormattableString.Invariant($"It needs a number of channels that its {Groups} groups divide."));
        var output = window.OutputShape(Filters);
        if (Sizes(input).BorderedLength > AlignedBuffer.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(input), "With its padding, it would need more values for an image than a block of memory holds.");
        return output;
    }

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var channels = input.Dimensions[^1] / Groups;
        var weights = (long)KernelSize.Height * KernelSize.Width * channels * Filters;
        ParameterSpecification.CheckCount(input, weights, FormattableString.Invariant($"The layer {this} has {weights:N0} weights on {input}"));
        var shape = input.Dimensions.Length == 3 ? new Shape(KernelSize.Height, KernelSize.Width, channels, Filters) : new Shape(KernelSize.Width, channels, Filters);
        return [new("weights", shape, IsDecayed: true, IsLinearMap: Groups == 1), new("bias", Filters, IsDecayed: false)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random)
    {
        var sizes = Sizes(layer.InputShape);
        layer.Parameter(Weights).FillUniform(random, Activation.InitialWeightLimit(sizes.FilterLength, sizes.Window.Taps * sizes.GroupFilters));
    }

    internal override LayerMemory Cache(Shape input) => new(Activation.DerivativeNeedsSums ? OutputShape(input).Size : 0);

    internal override LayerMemory Scratch(Shape input) => new(PerRow: 0, Sizes(input).Scratch);

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var (graph, window) = (input.Graph, WindowGeometry.Of(layer.InputShape, KernelSize, Stride, Dilation, Padding));
        var weights = OnnxWindow.Weights(graph, window, layer.Parameter(Weights).ToArray(), Filters);
        var sums = graph.Node(
            "Conv", [input.ChannelsFirst, weights, graph.Constant("bias", layer.Parameter(Bias).ToArray())], [.. OnnxWindow.Attributes(window), ("dilations", window.Extents(axis => axis.Dilation)), ("group", (long)Groups)]);
        return Activation.ToOnnx(OnnxRows.OfChannelsFirst(graph, layer.OutputShape, sums));
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    private ConvolutionSizes Sizes(Shape input) => new(WindowGeometry.Of(input, KernelSize, Stride, Dilation, Padding), Filters, Groups);

    private sealed unsafe class Passes(ConvolutionLayer convolution, NetworkLayer layer) : LayerPasses
    {
        private readonly Activation _activation = convolution.Activation;
        private readonly ConvolutionWork _work = new(convolution.Sizes(layer.InputShape), layer.Parameter(Weights), layer.Parameter(Bias));

        /// <summary>y = f(x * W + b).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            // At prediction nothing is kept for a backward pass: sums become outputs in place.
            var sums = _activation.DerivativeNeedsSums && !pass.Cache.IsEmpty ? pass.Cache : pass.Output;
            fixed (float* z = sums, y = pass.Output)
                _work.Forward(pass.Input, z, new ChannelActivation(_activation, z, y, convolution.Filters, pass.Saturates), pass.Scratch, pass.Team);
        }

        /// <summary>dz = dy f'(z), in place of dy; dW = Σ xᵀ dz over positions; db = Σ dz; dx = dz * Wᵀ, each weight from the position that saw the pixel by it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            fixed (float* kept = _activation.DerivativeNeedsSums ? pass.Cache : pass.Output, dz = pass.OutputGradient)
                _work.Backward(pass.Input, dz, pass.InputGradient, pass.Gradients, new ChannelActivation(_activation, kept, dz, convolution.Filters, saturates: false), pass.Scratch, pass.Team);
        }
    }
}
