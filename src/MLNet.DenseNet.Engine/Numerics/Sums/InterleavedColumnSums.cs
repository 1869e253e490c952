using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sums of a matrix's columns, each as the sums of every fourth row: where rows are many and columns few, a single sum would wait for each addition to end.</summary>
internal static unsafe class InterleavedColumnSums
{
    private const int Chains = 4;

    /// <param name="matrix">rows x columns, row-major.</param>
    /// <param name="sums">columns.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="part">Which columns to sum; all of its rows.</param>
    /// <param name="adds">Whether they are added to what <paramref name="sums"/> holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* matrix, float* sums, int columns, MatrixPart part, bool adds) =>
        VectorWidths.Run(new Loop(matrix, sums, columns, part.EndRow, adds), part.FirstColumn, part.EndColumn);

    private readonly struct Loop(float* matrix, float* sums, nint columns, int rows, bool adds) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var stride = columns;
            for (; first <= end - TV.Count; first += TV.Count)
            {
                TV sum0 = TV.Broadcast(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
                var x = matrix + first;
                var row = rows;
                for (; row >= Chains; row -= Chains, x += Chains * stride)
                {
                    sum0 += TV.Load(x);
                    sum1 += TV.Load(x + stride);
                    sum2 += TV.Load(x + 2 * stride);
                    sum3 += TV.Load(x + 3 * stride);
                }

                for (; row > 0; row--, x += stride)
                    sum0 += TV.Load(x);
                sum0 = sum0 + sum1 + (sum2 + sum3);
                (adds ? TV.Load(sums + first) + sum0 : sum0).Store(sums + first);
            }

            return first;
        }
    }
}
