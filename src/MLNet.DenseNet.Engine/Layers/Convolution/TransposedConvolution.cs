using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The gradient of a convolution's input, gathered: pixels are divided into phases by the remainder of their index by the stride. All pixels of a phase are seen by the same taps, so each phase is a convolution of stride 1 over the bordered gradient.
/// </summary>
internal sealed unsafe class TransposedConvolution : ConvolutionInputGradient
{
    [ThreadStatic]
    private static AlignedBuffer? _bordered;

    [ThreadStatic]
    private static AlignedBuffer? _phase;

    private readonly ConvolutionSizes _sizes;
    private readonly int _imagesAtOnce;
    private readonly ImageBorder _border;
    private readonly Phase[] _phases;

    // How many pixels the phases have together. The window sees no others.
    private readonly int _seenPixels;

    /// <param name="sizes">The sizes of the convolution.</param>
    /// <param name="imagesAtOnce">How many images a product takes at once.</param>
    public TransposedConvolution(in ConvolutionSizes sizes, int imagesAtOnce)
    {
        _imagesAtOnce = imagesAtOnce;
        _sizes = sizes;
        var (rows, columns) = (AxisPhase.Of(sizes.Window.Rows), AxisPhase.Of(sizes.Window.Columns));
        var (top, bottom) = AxisPhase.Border(sizes.Window.Rows);
        var (left, right) = AxisPhase.Border(sizes.Window.Columns);
        _border = new ImageBorder(sizes.Window.Rows.Output, sizes.Window.Columns.Output, sizes.Filters, top, bottom, left, right);
        var phases = new List<Phase>();
        var firstWeight = 0;
        foreach (var down in rows)
        {
            foreach (var across in columns)
            {
                var windows = new ImplicitMatrix(_border, imagesAtOnce, down.Path(top), across.Path(left), sizes.GroupFilters);
                phases.Add(new Phase(down, across, windows, new WindowProduct(windows, sizes.Groups, sizes.GroupFilters, sizes.GroupChannels), firstWeight));
                firstWeight += windows.Columns * (sizes.IsDepthwise ? sizes.Filters : sizes.GroupChannels);
            }
        }

        _phases = [.. phases];
        _seenPixels = phases.Sum(phase => phase.Windows.Positions);
    }

    /// <summary>Values of a bordered gradient; in 64 bits, since nobody has checked it yet.</summary>
    public static long BorderedLength(in ConvolutionSizes sizes)
    {
        var (top, bottom) = AxisPhase.Border(sizes.Window.Rows);
        var (left, right) = AxisPhase.Border(sizes.Window.Columns);
        return new ImageBorder(sizes.Window.Rows.Output, sizes.Window.Columns.Output, sizes.Filters, top, bottom, left, right).Length;
    }

    /// <summary>Transposes the weights, phase by phase: tap and filter become rows, channels columns.</summary>
    /// <remarks>(taps and filters x channels) for each phase of each group, in panels; in a depthwise convolution (taps x channels) for each phase.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Transpose(float* weights, float* transposed)
    {
        var (channels, filters) = _sizes.IsDepthwise ? (_sizes.Filters, 1) : (_sizes.GroupChannels, _sizes.GroupFilters);
        for (var group = 0; group < (_sizes.IsDepthwise ? 1 : _sizes.Groups); group++, weights += _sizes.GroupWeights, transposed += _sizes.GroupWeights)
        {
            foreach (var phase in _phases)
            {
                var tap = 0;
                foreach (var y in phase.Down.WindowPositions)
                {
                    foreach (var x in phase.Across.WindowPositions)
                    {
                        for (var channel = 0; channel < channels; channel += PanelLayout.Width)
                        {
                            var width = PanelLayout.Stride(channels, channel);
                            var destination = transposed + phase.FirstWeight + PanelLayout.Start(phase.Windows.Columns, channel) + (nint)tap * filters * width;
                            var position = y * _sizes.Window.Columns.Window + x;
                            if (_sizes.IsDepthwise)
                                new ReadOnlySpan<float>(weights + PanelLayout.Start(_sizes.Window.Taps, channel) + position * width, width).CopyTo(new Span<float>(destination, width));
                            else
                                MatrixPacking.TransposedColumns(new MatrixColumns(weights, _sizes.FilterLength, filters, isInPanels: true), position * channels + channel, 0, destination, filters, width, width);
                        }

                        tap++;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(float* gradient, float* transposed, float* inputGradient, int images)
    {
        var bordered = gradient;
        if (!_border.IsEmpty)
        {
            var length = (int)_border.Length;
            bordered = ThreadMemory.Ensure(ref _bordered, _imagesAtOnce * length);
            for (var image = 0; image < images; image++)
                _border.Surround(gradient + (nint)image * _border.ImageLength, bordered + (nint)image * length);
        }

        if (_phases.Length == 1 && _seenPixels == _sizes.Window.InputPositions)
        {
            _phases[0].Product.Multiply(bordered, images, transposed + _phases[0].FirstWeight, _sizes.GroupWeights, null, inputGradient);
            return;
        }

        if (_seenPixels < _sizes.Window.InputPositions)
            new Span<float>(inputGradient, images * _sizes.InputLength).Clear();
        foreach (ref readonly var phase in _phases.AsSpan())
        {
            // Its pixels lie apart from each other, so they are computed one after the other and then put in their places.
            var pixels = phase.Windows.Positions;
            var sums = ThreadMemory.Ensure(ref _phase, _imagesAtOnce * pixels * _sizes.Window.Channels);
            phase.Product.Multiply(bordered, images, transposed + phase.FirstWeight, _sizes.GroupWeights, null, sums);
            for (var image = 0; image < images; image++)
                phase.Place(sums + (nint)image * pixels * _sizes.Window.Channels, inputGradient + (nint)image * _sizes.InputLength, _sizes.Window.Columns.Input, _sizes.Window.Channels);
        }
    }

    /// <param name="Down">The phase of rows.</param>
    /// <param name="Across">The phase of columns.</param>
    /// <param name="Windows">What the pixels see of the bordered gradient.</param>
    /// <param name="Product">Their products with the weights.</param>
    /// <param name="FirstWeight">Where its transposed weights begin in a group's.</param>
    private readonly record struct Phase(AxisPhase Down, AxisPhase Across, ImplicitMatrix Windows, WindowProduct Product, int FirstWeight)
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Place(float* source, float* image, int width, int channels)
        {
            for (var y = 0; y < Down.Count; y++)
            {
                var row = image + (nint)(Down.First + y * Down.Step) * width * channels;
                for (var x = 0; x < Across.Count; x++, source += channels)
                    new ReadOnlySpan<float>(source, channels).CopyTo(new Span<float>(row + (nint)(Across.First + x * Across.Step) * channels, channels));
            }
        }
    }
}
