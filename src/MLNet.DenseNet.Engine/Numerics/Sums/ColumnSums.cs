using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sums of a matrix's columns, each added in order of the rows: the gradient of the bias.</summary>
internal static unsafe class ColumnSums
{
    // Vectors summed at once: an addition takes some cycles, so one sum alone would wait for itself.
    private const int VectorsAtOnce = 4;

    /// <param name="matrix">rows x columns, row-major.</param>
    /// <param name="sums">columns.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="part">Which columns to sum; all of its rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* matrix, float* sums, int columns, MatrixPart part)
    {
        var (rows, first, end) = (part.EndRow, part.FirstColumn, part.EndColumn);
        if (Vector512.IsHardwareAccelerated && end - first >= Simd512.Count)
            first = Sum<Simd512>(matrix, sums, columns, rows, first, end);
        if (Vector256.IsHardwareAccelerated && end - first >= Simd256.Count)
            first = Sum<Simd256>(matrix, sums, columns, rows, first, end);
        if (Vector128.IsHardwareAccelerated && end - first >= Simd128.Count)
            first = Sum<Simd128>(matrix, sums, columns, rows, first, end);
        if (first < end)
            Sum<Scalar>(matrix, sums, columns, rows, first, end);
    }

    /// <returns>The first column that is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Sum<TV>(float* matrix, float* sums, nint columns, int rows, int first, int end) where TV : struct, ISimd<TV>
    {
        for (; first <= end - VectorsAtOnce * TV.Count; first += VectorsAtOnce * TV.Count)
        {
            TV sum0 = TV.Broadcast(0f), sum1 = sum0, sum2 = sum0, sum3 = sum0;
            var x = matrix + first;
            for (var row = rows; row > 0; row--, x += columns)
            {
                sum0 += TV.Load(x);
                sum1 += TV.Load(x + TV.Count);
                sum2 += TV.Load(x + 2 * TV.Count);
                sum3 += TV.Load(x + 3 * TV.Count);
            }

            sum0.Store(sums + first);
            sum1.Store(sums + first + TV.Count);
            sum2.Store(sums + first + 2 * TV.Count);
            sum3.Store(sums + first + 3 * TV.Count);
        }

        for (; first <= end - TV.Count; first += TV.Count)
        {
            var sum = TV.Broadcast(0f);
            var x = matrix + first;
            for (var row = rows; row > 0; row--, x += columns)
                sum += TV.Load(x);
            sum.Store(sums + first);
        }

        return first;
    }
}
