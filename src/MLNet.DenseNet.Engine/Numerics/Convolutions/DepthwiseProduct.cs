using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The products of a depthwise convolution, in which a filter sees one channel: element by element over channels, which lie next to each other. Every element is accumulated in the order of the taps or
/// of the positions with fused multiply-add, as in all products.
/// </summary>
internal static unsafe class DepthwiseProduct
{
    // How many taps have their sums in registers at once.
    private const int TapsAtOnce = 4;

    /// <summary>sums[p, c] = start[c] + Σ over taps t of windows[p, t] at channel c * weights[t, c].</summary>
    /// <param name="windows">(positions x taps): where each tap sees the first channel.</param>
    /// <param name="weights">(taps x channels), in panels.</param>
    /// <param name="start">(channels), or null for zeros.</param>
    /// <param name="sums">(positions x channels), to be filled.</param>
    /// <param name="channels">How many channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(MatrixRows windows, float* weights, float* start, float* sums, int channels)
    {
        for (var first = 0; first < channels; first += PanelLayout.Width)
        {
            var width = PanelLayout.Stride(channels, first);
            var panel = weights + PanelLayout.Start(windows.Columns, first);
            VectorWidths.Run(new Positions(windows, panel, width, start == null ? null : start + first, sums + first, channels, first), 0, width);
        }
    }

    /// <summary>gradient[t, c] = Σ over positions p of windows[p, t] at channel c * values[p, c].</summary>
    /// <param name="windows">(positions x taps): where each tap sees the first channel.</param>
    /// <param name="values">(positions x channels).</param>
    /// <param name="gradient">(taps x channels), in panels.</param>
    /// <param name="channels">How many channels.</param>
    /// <param name="adds">Whether sums start from what the gradient holds instead of zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposed(MatrixRows windows, float* values, float* gradient, int channels, bool adds)
    {
        for (var first = 0; first < channels; first += PanelLayout.Width)
        {
            var width = PanelLayout.Stride(channels, first);
            var panel = gradient + PanelLayout.Start(windows.Columns, first);
            VectorWidths.Run(new Taps(windows, values + first, channels, panel, width, first, adds), 0, width);
        }
    }

    private readonly struct Positions(MatrixRows windows, float* panel, int width, float* start, float* sums, int channels, int firstChannel) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int column, int end) where TV : struct, ISimd<TV>
        {
            for (; column <= end - TV.Count; column += TV.Count)
            {
                var from = start == null ? TV.Broadcast(0f) : TV.Load(start + column);
                var to = sums + column;
                for (var position = 0; position < windows.Rows; position++, to += channels)
                {
                    var x = windows.Elements + windows.Offsets[position] + firstChannel + column;
                    var sum = from;
                    var weight = panel + column;
                    for (var tap = 0; tap < windows.Columns; tap++, weight += width)
                        sum = TV.FusedMultiplyAdd(TV.Load(x + windows.ColumnOffsets[tap]), TV.Load(weight), sum);
                    sum.Store(to);
                }
            }

            return column;
        }
    }

    private readonly struct Taps(MatrixRows windows, float* values, int channels, float* panel, int width, int firstChannel, bool adds) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int column, int end) where TV : struct, ISimd<TV>
        {
            for (; column <= end - TV.Count; column += TV.Count)
            {
                var tap = 0;
                for (; tap <= windows.Columns - TapsAtOnce; tap += TapsAtOnce)
                    Several<TV>(column, tap);
                for (; tap < windows.Columns; tap++)
                    One<TV>(column, tap);
            }

            return column;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Several<TV>(int column, int tap) where TV : struct, ISimd<TV>
        {
            var to = panel + (nint)tap * width + column;
            TV sum0 = TV.Broadcast(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            if (adds)
                (sum0, sum1, sum2, sum3) = (TV.Load(to), TV.Load(to + width), TV.Load(to + 2 * width), TV.Load(to + 3 * width));
            var (tap0, tap1, tap2, tap3) = (windows.ColumnOffsets[tap], windows.ColumnOffsets[tap + 1], windows.ColumnOffsets[tap + 2], windows.ColumnOffsets[tap + 3]);
            var value = values + column;
            for (var position = 0; position < windows.Rows; position++, value += channels)
            {
                var x = windows.Elements + windows.Offsets[position] + firstChannel + column;
                var y = TV.Load(value);
                sum0 = TV.FusedMultiplyAdd(TV.Load(x + tap0), y, sum0);
                sum1 = TV.FusedMultiplyAdd(TV.Load(x + tap1), y, sum1);
                sum2 = TV.FusedMultiplyAdd(TV.Load(x + tap2), y, sum2);
                sum3 = TV.FusedMultiplyAdd(TV.Load(x + tap3), y, sum3);
            }

            sum0.Store(to);
            sum1.Store(to + width);
            sum2.Store(to + 2 * width);
            sum3.Store(to + 3 * width);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void One<TV>(int column, int tap) where TV : struct, ISimd<TV>
        {
            var to = panel + (nint)tap * width + column;
            var sum = adds ? TV.Load(to) : TV.Broadcast(0f);
            var value = values + column;
            for (var position = 0; position < windows.Rows; position++, value += channels)
                sum = TV.FusedMultiplyAdd(TV.Load(windows.Elements + windows.Offsets[position] + windows.ColumnOffsets[tap] + firstChannel + column), TV.Load(value), sum);
            sum.Store(to);
        }
    }
}
