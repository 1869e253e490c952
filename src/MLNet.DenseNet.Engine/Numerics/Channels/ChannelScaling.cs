using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Functions of values that are linear in each channel: a normalization by statistics of channels, and its gradient.</summary>
internal static unsafe class ChannelScaling
{
    /// <summary>y = (x - mean) * factor + shift.</summary>
    /// <param name="x">(positions x channels).</param>
    /// <param name="means">(channels).</param>
    /// <param name="factors">(channels).</param>
    /// <param name="shifts">(channels).</param>
    /// <param name="y">(positions x channels), one position after the other, to be filled.</param>
    /// <param name="saturates">Whether infinities become the largest finite numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(MatrixRows x, float* means, float* factors, float* shifts, float* y, bool saturates) =>
        VectorWidths.RunOverlapping(new Loop(x, means, factors, shifts, y, saturates), x.Columns);

    /// <summary>dx = factor * dy + slope * (x - mean) + shift.</summary>
    /// <param name="x">(positions x channels).</param>
    /// <param name="means">(channels).</param>
    /// <param name="dy">(positions x channels), one position after the other.</param>
    /// <param name="factors">(channels).</param>
    /// <param name="slopes">(channels).</param>
    /// <param name="shifts">(channels).</param>
    /// <param name="dx">Like dy, to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(MatrixRows x, float* means, float* dy, float* factors, float* slopes, float* shifts, float* dx) =>
        VectorWidths.RunOverlapping(new GradientLoop(x, means, dy, factors, slopes, shifts, dx), x.Columns);

    private readonly struct Loop(MatrixRows x, float* means, float* factors, float* shifts, float* y, bool saturates) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var rows = x;
            for (; first <= end - TV.Count; first += TV.Count)
            {
                var (mean, factor, shift) = (TV.Load(means + first), TV.Load(factors + first), TV.Load(shifts + first));
                var to = y + first;
                for (var position = 0; position < rows.Rows; position++, to += rows.Columns)
                {
                    var difference = TV.Load(rows.Start(position) + first) - mean;
                    if (saturates)
                        Saturation.Apply(TV.FusedMultiplyAdd(Saturation.Apply(difference), factor, shift)).Store(to);
                    else
                        TV.FusedMultiplyAdd(difference, factor, shift).Store(to);
                }
            }

            return first;
        }
    }

    private readonly struct GradientLoop(MatrixRows x, float* means, float* dy, float* factors, float* slopes, float* shifts, float* dx) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var rows = x;
            for (; first <= end - TV.Count; first += TV.Count)
            {
                var (mean, factor, slope, shift) = (TV.Load(means + first), TV.Load(factors + first), TV.Load(slopes + first), TV.Load(shifts + first));
                float* from = dy + first, to = dx + first;
                for (var position = 0; position < rows.Rows; position++, from += rows.Columns, to += rows.Columns)
                    TV.FusedMultiplyAdd(factor, TV.Load(from), TV.FusedMultiplyAdd(slope, TV.Load(rows.Start(position) + first) - mean, shift)).Store(to);
            }

            return first;
        }
    }
}
