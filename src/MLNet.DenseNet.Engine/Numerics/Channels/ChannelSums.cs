using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Sums over positions, channel by channel, in float32: what statistics and gradients of a normalization are made of. A sum is four chains of every fourth position, added at the end, since a single chain would
/// mostly wait for its own last result. For many positions, callers sum piece by piece (<see cref="PieceLength"/>) and add the pieces in float64.
/// </summary>
internal static unsafe class ChannelSums
{
    // A piece of values that stays in the nearest cache while it is summed twice, and its limits: short enough to round little, long enough for what is kept of each piece to be little.
    private const int PieceValues = 8192;
    private const int ShortestPiece = 16;
    private const int LongestPiece = 256;

    /// <summary>How many positions make a piece. It depends on sizes alone, so the bits are the same on any number of threads.</summary>
    public static int PieceLength(int channels) => Math.Clamp(PieceValues / channels, ShortestPiece, LongestPiece);

    /// <summary>sums = Σ (x - mean).</summary>
    /// <param name="x">(positions x channels).</param>
    /// <param name="means">(channels), or null for zeros.</param>
    /// <param name="sums">(channels), to be filled.</param>
    public static void OfDifferences(MatrixRows x, float* means, float* sums) => Run(new Differences(x), x.Rows, x.Columns, means, sums);

    /// <summary>sums = Σ (x - mean)².</summary>
    /// <param name="x">(positions x channels).</param>
    /// <param name="means">(channels).</param>
    /// <param name="sums">(channels), to be filled.</param>
    public static void OfSquares(MatrixRows x, float* means, float* sums) => Run(new Squares(x), x.Rows, x.Columns, means, sums);

    /// <summary>sums = Σ y (x - mean).</summary>
    /// <param name="x">(positions x channels).</param>
    /// <param name="means">(channels).</param>
    /// <param name="y">(positions x channels), one position after the other.</param>
    /// <param name="sums">(channels), to be filled.</param>
    public static void OfProducts(MatrixRows x, float* means, float* y, float* sums) => Run(new Products(x, y), x.Rows, x.Columns, means, sums);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TTerm>(TTerm term, int positions, int channels, float* means, float* sums) where TTerm : struct, ITerm =>
        VectorWidths.RunOverlapping(new Loop<TTerm>(term, positions, means, sums), channels);

    /// <summary>What is summed.</summary>
    private interface ITerm
    {
        TV Add<TV>(TV sum, int position, int channel, TV mean) where TV : struct, ISimd<TV>;
    }

    private readonly struct Loop<TTerm>(TTerm term, int positions, float* means, float* sums) : IVectorLoop where TTerm : struct, ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            // A local copy, whose fields the compiler keeps in registers.
            var terms = term;
            for (; first <= end - TV.Count; first += TV.Count)
            {
                var mean = means == null ? TV.Broadcast(0f) : TV.Load(means + first);
                TV sum0 = TV.Broadcast(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
                var position = 0;
                for (; position <= positions - 4; position += 4)
                {
                    sum0 = terms.Add(sum0, position, first, mean);
                    sum1 = terms.Add(sum1, position + 1, first, mean);
                    sum2 = terms.Add(sum2, position + 2, first, mean);
                    sum3 = terms.Add(sum3, position + 3, first, mean);
                }

                for (; position < positions; position++)
                    sum0 = terms.Add(sum0, position, first, mean);
                (sum0 + sum1 + (sum2 + sum3)).Store(sums + first);
            }

            return first;
        }
    }

    private readonly struct Differences(MatrixRows x) : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Add<TV>(TV sum, int position, int channel, TV mean) where TV : struct, ISimd<TV> => sum + (TV.Load(x.Start(position) + channel) - mean);
    }

    private readonly struct Squares(MatrixRows x) : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Add<TV>(TV sum, int position, int channel, TV mean) where TV : struct, ISimd<TV>
        {
            var difference = TV.Load(x.Start(position) + channel) - mean;
            return TV.FusedMultiplyAdd(difference, difference, sum);
        }
    }

    private readonly struct Products(MatrixRows x, float* y) : ITerm
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Add<TV>(TV sum, int position, int channel, TV mean) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Load(y + (nint)position * x.Columns + channel), TV.Load(x.Start(position) + channel) - mean, sum);
    }
}
