using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The gradient of a convolution's input, scattered: one product gives for each position what it adds to all that its window sees (taps and channels side by side, so vectors are full), and is then added to the
/// pixels, position by position. For inputs of few channels.
/// </summary>
internal sealed unsafe class ScatteredGradient(in ConvolutionSizes sizes, int imagesAtOnce) : ConvolutionInputGradient
{
    [ThreadStatic]
    private static AlignedBuffer? _seen;

    private readonly ConvolutionSizes _sizes = sizes;

    /// <summary>(filters x taps and channels), in panels.</summary>
    public override void Transpose(float* weights, float* transposed) =>
        MatrixPacking.TransposedPanels(new MatrixColumns(weights, _sizes.FilterLength, _sizes.Filters, isInPanels: true), transposed, _sizes.Filters, _sizes.FilterLength, 0, _sizes.FilterLength);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(float* gradient, float* transposed, float* inputGradient, int images)
    {
        var (positions, length) = (_sizes.Window.OutputPositions, _sizes.FilterLength);
        var seen = ThreadMemory.Ensure(ref _seen, imagesAtOnce * positions * length);
        var rows = images * positions;
        new MacroKernel(
            new MatrixRows(gradient, rows, _sizes.Filters), isATransposed: false, new(transposed, _sizes.Filters, length, isInPanels: true), isBTransposed: false, null, new(seen, rows, length, isInPanels: false))
            .Run(MatrixPart.Whole(rows, length), BlockSizes.ForWindows(rows, _sizes.Filters, length));
        for (var image = 0; image < images; image++)
            Add(seen + (nint)image * positions * length, inputGradient + (nint)image * _sizes.InputLength);
    }

    /// <summary>Adds what the windows of an image saw to its pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(float* seen, float* image)
    {
        new Span<float>(image, _sizes.InputLength).Clear();
        var (down, across, channels) = (_sizes.Window.Rows, _sizes.Window.Columns, _sizes.Window.Channels);
        for (var y = 0; y < down.Output; y++)
        {
            for (var x = 0; x < across.Output; x++)
            {
                for (var tapDown = 0; tapDown < down.Window; tapDown++, seen += across.Window * channels)
                {
                    var row = y * down.Stride + tapDown * down.Dilation - down.Before;
                    if (row < 0 || row >= down.Input)
                        continue;
                    var first = x * across.Stride - across.Before;
                    var pixels = image + (nint)row * across.Input * channels;
                    if (across.Dilation == 1)
                    {
                        // The taps that lie inside, next to each other as their pixels do.
                        var (from, to) = (Math.Max(0, -first), Math.Min(across.Window, across.Input - first));
                        if (to > from)
                            VectorWidths.Run(new Addition(seen + from * channels, pixels + (first + from) * channels), 0, (to - from) * channels);
                        continue;
                    }

                    for (var tap = 0; tap < across.Window; tap++)
                    {
                        var column = first + tap * across.Dilation;
                        if (column >= 0 && column < across.Input)
                            VectorWidths.Run(new Addition(seen + tap * channels, pixels + column * channels), 0, channels);
                    }
                }
            }
        }
    }

    /// <summary>to += from.</summary>
    private readonly struct Addition(float* from, float* to) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            for (; first <= end - TV.Count; first += TV.Count)
                (TV.Load(to + first) + TV.Load(from + first)).Store(to + first);
            return first;
        }
    }
}
