using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sums of a matrix's columns, each added in order of the rows: the gradient of the bias.</summary>
internal static unsafe class ColumnSums
{
    // How many vectors of sums run side by side: an addition takes some cycles, so a single one would mostly wait for its own last result.
    private const int VectorsAtOnce = 4;

    /// <param name="matrix">rows x columns, row-major.</param>
    /// <param name="sums">columns.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="part">Which columns to sum; all of its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* matrix, float* sums, int columns, MatrixPart part) =>
        VectorWidths.Run(new Loop(matrix, sums, columns, part.EndRow), part.FirstColumn, part.EndColumn);

    private readonly struct Loop(float* matrix, float* sums, nint columns, int rows) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            var stride = columns;
            for (; first <= end - VectorsAtOnce * TV.Count; first += VectorsAtOnce * TV.Count)
            {
                TV sum0 = TV.Broadcast(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
                var x = matrix + first;
                for (var row = rows; row > 0; row--, x += stride)
                {
                    sum0 += TV.Load(x);
                    sum1 += TV.Load(x + TV.Count);
                    sum2 += TV.Load(x + 2 * TV.Count);
                    sum3 += TV.Load(x + 3 * TV.Count);
                }

                var sum = sums + first;
                sum0.Store(sum);
                sum1.Store(sum + TV.Count);
                sum2.Store(sum + 2 * TV.Count);
                sum3.Store(sum + 3 * TV.Count);
            }

            for (; first <= end - TV.Count; first += TV.Count)
            {
                var sum = TV.Broadcast(0f);
                var x = matrix + first;
                for (var row = rows; row > 0; row--, x += stride)
                    sum += TV.Load(x);
                sum.Store(sums + first);
            }

            return first;
        }
    }
}
