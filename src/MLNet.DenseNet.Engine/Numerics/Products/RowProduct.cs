using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The product of one row and a matrix in panels, without the blocking and packing that pay for many rows: what predicting one row takes.</summary>
internal static unsafe class RowProduct
{
    /// <summary>outputs = start + inputs · weights, accumulated in order of the inner index as in <see cref="MatrixTiles"/>.</summary>
    /// <param name="inputs">inner.</param>
    /// <param name="weights">inner x columns, in panels.</param>
    /// <param name="start">columns, or null for zeros.</param>
    /// <param name="outputs">columns.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* inputs, float* weights, float* start, float* outputs, int inner, int columns)
    {
        for (var first = 0; first < columns; first += PanelLayout.Width)
        {
            var panel = weights + PanelLayout.Start(inner, first);
            var width = PanelLayout.Stride(columns, first);
            if (Vector512.IsHardwareAccelerated && width == 2 * Simd512.Count)
            {
                Pair<Simd512>(inputs, panel, start == null ? null : start + first, outputs + first, inner);
                continue;
            }

            var column = 0;
            var from = start == null ? null : start + first;
            if (Vector512.IsHardwareAccelerated)
                column = Columns<Simd512>(inputs, panel, from, outputs + first, inner, width, column);
            if (Vector256.IsHardwareAccelerated)
                column = Columns<Simd256>(inputs, panel, from, outputs + first, inner, width, column);
            if (Vector128.IsHardwareAccelerated)
                column = Columns<Simd128>(inputs, panel, from, outputs + first, inner, width, column);
            Columns<Scalar>(inputs, panel, from, outputs + first, inner, width, column);
        }
    }

    /// <summary>A whole panel as two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<TV>(float* inputs, float* panel, float* start, float* outputs, int inner) where TV : struct, ISimd<TV>
    {
        var (sum0, sum1) = start == null ? (TV.Broadcast(0f), TV.Broadcast(0f)) : (TV.Load(start), TV.Load(start + TV.Count));
        for (var k = 0; k < inner; k++, panel += 2 * TV.Count)
        {
            var x = TV.Broadcast(inputs[k]);
            sum0 = TV.FusedMultiplyAdd(x, TV.Load(panel), sum0);
            sum1 = TV.FusedMultiplyAdd(x, TV.Load(panel + TV.Count), sum1);
        }

        sum0.Store(outputs);
        sum1.Store(outputs + TV.Count);
    }

    /// <summary>The columns from one on, as many as fill vectors.</summary>
    /// <returns>The first column that is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Columns<TV>(float* inputs, float* panel, float* start, float* outputs, int inner, int width, int column) where TV : struct, ISimd<TV>
    {
        for (; column <= width - TV.Count; column += TV.Count)
        {
            var sum = start == null ? TV.Broadcast(0f) : TV.Load(start + column);
            var weights = panel + column;
            for (var k = 0; k < inner; k++, weights += width)
                sum = TV.FusedMultiplyAdd(TV.Broadcast(inputs[k]), TV.Load(weights), sum);
            sum.Store(outputs + column);
        }

        return column;
    }
}
