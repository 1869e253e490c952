using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A layer normalization: the values of each position brought to mean 0 and variance 1, then scaled and shifted channel by channel. The mean comes first, then the squares of distances from it.</summary>
/// <param name="x">The positions.</param>
/// <param name="epsilon">What is added to variances.</param>
/// <param name="scales">(channels).</param>
/// <param name="shifts">(channels).</param>
/// <param name="y">(positions x channels), to be filled.</param>
/// <param name="statistics">(positions x 2), to be filled with means and 1 / sqrt(variance + epsilon), in pairs; null where nobody asks.</param>
/// <param name="saturates">Whether the result of finite values has to be finite.</param>
internal readonly unsafe struct PositionNormalization(PositionRows x, float epsilon, float* scales, float* shifts, float* y, float* statistics, bool saturates) : IPieceWork
{
    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 16;

    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public void Run(ThreadTeam? team) => x.Pieces.Run(in this, ThreadTeam.ThreadsFor(team, (long)x.Count * x.Channels * MultiplyAddsPerElement), team);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int piece, int first, int end)
    {
        var offsets = stackalloc nint[end - first];
        var rows = x[first, end, offsets];
        for (var position = first; position < end; position++)
            Normalize(rows.Start(position - first), position);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Normalize(float* values, nint position)
    {
        // Shares of values, where their sum could overflow.
        var share = 1f / x.Channels;
        var mean = saturates ? LaneSums.Run(new Sum(values, share), x.Channels) : LaneSums.Run(new Sum(values, 1), x.Channels) * share;
        var squares = LaneSums.Run(new SquareSum(values, mean), x.Channels);
        if (!float.IsFinite(squares))
        {
            NormalizeWidely(values, position);
            return;
        }

        var inverse = 1 / MathF.Sqrt(squares * share + epsilon);
        if (statistics != null)
            (statistics[2 * position], statistics[2 * position + 1]) = (mean, inverse);
        Elementwise.Run(new Kernel(values, mean, inverse, scales, shifts, y + position * x.Channels, saturates), x.Channels);
    }

    /// <summary>In float64, where squares or sums are beyond float32. What is no number stays so.</summary>
    private void NormalizeWidely(float* values, nint position)
    {
        var (mean, variance) = (0.0, 0.0);
        var to = y + position * x.Channels;
        for (var c = 0; c < x.Channels; c++)
            mean += values[c];
        mean /= x.Channels;
        for (var c = 0; c < x.Channels; c++)
            variance += (values[c] - mean) * (values[c] - mean);
        var inverse = 1 / Math.Sqrt(variance / x.Channels + epsilon);
        if (statistics != null)
            (statistics[2 * position], statistics[2 * position + 1]) = ((float)mean, (float)inverse);
        for (var c = 0; c < x.Channels; c++)
        {
            var result = (values[c] - mean) * inverse * scales[c] + shifts[c];
            to[c] = saturates ? FiniteValues.Nearest(result) : (float)result;
        }
    }

    private readonly struct Sum(float* values, float share) : ISumTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Add<TV>(TV sum, int index) where TV : struct, ISimd<TV> => TV.FusedMultiplyAdd(TV.Load(values + index), TV.Broadcast(share), sum);
    }

    private readonly struct SquareSum(float* values, float mean) : ISumTerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Add<TV>(TV sum, int index) where TV : struct, ISimd<TV>
        {
            var difference = TV.Load(values + index) - TV.Broadcast(mean);
            return TV.FusedMultiplyAdd(difference, difference, sum);
        }
    }

    private readonly struct Kernel(float* x, float mean, float inverse, float* scales, float* shifts, float* y, bool saturates) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var difference = TV.Load(x + index) - TV.Broadcast(mean);
            if (saturates)
                difference = Saturation.Apply(difference);
            var result = TV.FusedMultiplyAdd(difference * TV.Broadcast(inverse), TV.Load(scales + index), TV.Load(shifts + index));
            (saturates ? Saturation.Apply(result) : result).Store(y + index);
        }
    }
}
