using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The sum of the squares of many values, in float64. It is cut into chunks of a fixed length and each chunk into 16 lanes, and the sums of both are added in a fixed
/// order, so that neither the number of threads nor the width of vectors changes a bit. All memory is allocated at construction.
/// </summary>
/// <param name="length">The most values that it is asked for.</param>
internal sealed unsafe class SumOfSquares(int length)
{
    // A chunk takes some microseconds: enough to be worth a thread.
    private const int ChunkLength = 16_384;

    private readonly PinnedArray<double> _sums = new(new RangePieces(length, ChunkLength).Count);

    /// <summary>The sum over at most as many values as at construction, shared by threads.</summary>
    /// <param name="values">(count).</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public double Of(ReadOnlySpan<float> values, ThreadTeam? team)
    {
        var chunks = new RangePieces(values.Length, ChunkLength);
        fixed (float* first = values)
            chunks.Run(new Chunks(first, _sums.Pointer), team?.ActiveThreads ?? 1, team);
        var total = 0.0;
        foreach (var sum in _sums.Span[..chunks.Count])
            total += sum;
        return total;
    }

    /// <summary>The sum over any number of values, by the caller alone.</summary>
    public static double Of(ReadOnlySpan<float> values)
    {
        fixed (float* x = values)
            return Sum(x, null, values.Length);
    }

    /// <summary>The sum of (left[i] - right[i])², the differences in float32.</summary>
    public static double OfDifferences(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Lengths.Check(right.Length, left.Length);
        fixed (float* x = left, y = right)
            return Sum(x, y, left.Length);
    }

    /// <summary>The sum over one chunk. The square of a float32 is exact in float64, so that fusing it into the addition changes no bit.</summary>
    /// <param name="values">(count).</param>
    /// <param name="subtrahends">(count), or null for zeros.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(float* values, float* subtrahends, int count)
    {
        var (lower, upper) = (Vector512<double>.Zero, Vector512<double>.Zero);
        var index = 0;
        for (; index <= count - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var x = Vector512.Load(values + index);
            var (first, second) = Vector512.Widen(subtrahends == null ? x : x - Vector512.Load(subtrahends + index));
            lower += first * first;
            upper += second * second;
        }

        lower += upper;
        var sum = 0.0;
        for (var lane = 0; lane < Vector512<double>.Count; lane++)
            sum += lower.GetElement(lane);
        for (; index < count; index++)
        {
            double x = subtrahends == null ? values[index] : values[index] - subtrahends[index];
            sum += x * x;
        }

        return sum;
    }

    private readonly struct Chunks(float* values, double* sums) : IPieceWork
    {
        public void Do(int chunk, int first, int end) => sums[chunk] = Sum(values + first, null, end - first);
    }
}
