using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The gradient of a convolution's input, scattered: one product gives for each position what it adds to all that its window sees (taps and channels side by side, so vectors are full), and is then added to the
/// pixels, position by position. For inputs of few channels.
/// </summary>
internal sealed unsafe class ScatteredGradient(in ConvolutionSizes sizes) : ConvolutionInputGradient
{
    // What some positions add to the pixels: 1 MiB, or one position where its window is larger.
    private const int ValuesAtOnce = 1 << 18;

    [ThreadStatic]
    private static AlignedBuffer? _seen;

    private readonly ConvolutionSizes _sizes = sizes;

    /// <summary>(filters x taps and channels), in panels.</summary>
    public override void Transpose(float* weights, float* transposed) =>
        MatrixPacking.TransposedPanels(new MatrixColumns(weights, _sizes.FilterLength, _sizes.Filters, isInPanels: true), transposed, _sizes.Filters, _sizes.FilterLength, 0, _sizes.FilterLength);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(float* gradient, float* transposed, float* inputGradient, int images)
    {
        var (positions, length) = (images * _sizes.Window.OutputPositions, _sizes.FilterLength);
        var atOnce = Math.Clamp(ValuesAtOnce / length, 1, positions);
        var seen = ThreadMemory.Ensure(ref _seen, Math.Max(ValuesAtOnce, length));
        new Span<float>(inputGradient, images * _sizes.InputLength).Clear();
        for (var first = 0; first < positions; first += atOnce)
        {
            var rows = Math.Min(atOnce, positions - first);
            new MacroKernel(
                new MatrixRows(gradient + (nint)first * _sizes.Filters, rows, _sizes.Filters), isATransposed: false, new(transposed, _sizes.Filters, length, isInPanels: true), isBTransposed: false, null, new(seen, rows, length, isInPanels: false))
                .Run(MatrixPart.Whole(rows, length), BlockSizes.ForWindows(rows, _sizes.Filters, length));
            Add(seen, first, rows, inputGradient);
        }
    }

    /// <summary>Adds what the windows at some positions saw to the pixels.</summary>
    /// <param name="seen">(positions x taps and channels).</param>
    /// <param name="first">The first position, counted through all images.</param>
    /// <param name="count">How many.</param>
    /// <param name="images">(images x height x width x channels).</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(float* seen, int first, int count, float* images)
    {
        var (down, across, channels) = (_sizes.Window.Rows, _sizes.Window.Columns, _sizes.Window.Channels);
        var (image, position) = Math.DivRem(first, _sizes.Window.OutputPositions);
        var (y, x) = Math.DivRem(position, across.Output);
        var pixels = images + (nint)image * _sizes.InputLength;
        for (; count > 0; count--)
        {
            for (var tapDown = 0; tapDown < down.Window; tapDown++, seen += across.Window * channels)
            {
                var row = y * down.Stride + tapDown * down.Dilation - down.Before;
                if (row >= 0 && row < down.Input)
                    AddRow(seen, pixels + (nint)row * across.Input * channels, x * across.Stride - across.Before, across, channels);
            }

            if (++x < across.Output)
                continue;
            (x, y) = (0, y + 1);
            if (y < down.Output)
                continue;
            y = 0;
            pixels += _sizes.InputLength;
        }
    }

    /// <summary>The taps of a row of the window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(float* seen, float* pixels, int first, WindowAxis across, int channels)
    {
        if (across.Dilation == 1)
        {
            // The taps that lie inside, next to each other as their pixels do.
            var (from, to) = (Math.Max(0, -first), Math.Min(across.Window, across.Input - first));
            if (to > from)
                VectorWidths.Run(new Addition(seen + from * channels, pixels + (first + from) * channels), 0, (to - from) * channels);
            return;
        }

        for (var tap = 0; tap < across.Window; tap++)
        {
            var column = first + tap * across.Dilation;
            if (column >= 0 && column < across.Input)
                VectorWidths.Run(new Addition(seen + tap * channels, pixels + column * channels), 0, channels);
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
