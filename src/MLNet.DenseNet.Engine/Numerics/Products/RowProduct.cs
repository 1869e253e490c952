using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The product of one row and a matrix in panels, for predicting one row: without the blocking and packing that pay for many rows.</summary>
internal static unsafe class RowProduct
{
    /// <summary>outputs = start + inputs · weights, every element accumulated in order of the inner index with fused multiply-add, as in the products of many rows.</summary>
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
            var width = PanelLayout.Stride(columns, first);
            VectorWidths.Run(new Panel(inputs, weights + PanelLayout.Start(inner, first), start == null ? null : start + first, outputs + first, inner, width), 0, width);
        }
    }

    /// <summary>Some columns of a panel: four vectors of columns at once, whose chains of sums hide each other's latency, then two, then one.</summary>
    private readonly struct Panel(float* inputs, float* panel, float* start, float* outputs, int inner, int width) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int column, int end) where TV : struct, ISimd<TV>
        {
            for (; column <= end - 4 * TV.Count; column += 4 * TV.Count)
            {
                var (sum0, sum1, sum2, sum3) = (First<TV>(column), First<TV>(column + TV.Count), First<TV>(column + 2 * TV.Count), First<TV>(column + 3 * TV.Count));
                var weights = panel + column;
                for (var k = 0; k < inner; k++, weights += width)
                {
                    var x = TV.Broadcast(inputs[k]);
                    sum0 = TV.FusedMultiplyAdd(x, TV.Load(weights), sum0);
                    sum1 = TV.FusedMultiplyAdd(x, TV.Load(weights + TV.Count), sum1);
                    sum2 = TV.FusedMultiplyAdd(x, TV.Load(weights + 2 * TV.Count), sum2);
                    sum3 = TV.FusedMultiplyAdd(x, TV.Load(weights + 3 * TV.Count), sum3);
                }

                sum0.Store(outputs + column);
                sum1.Store(outputs + column + TV.Count);
                sum2.Store(outputs + column + 2 * TV.Count);
                sum3.Store(outputs + column + 3 * TV.Count);
            }

            for (; column <= end - 2 * TV.Count; column += 2 * TV.Count)
            {
                var (sum0, sum1) = (First<TV>(column), First<TV>(column + TV.Count));
                var weights = panel + column;
                for (var k = 0; k < inner; k++, weights += width)
                {
                    var x = TV.Broadcast(inputs[k]);
                    sum0 = TV.FusedMultiplyAdd(x, TV.Load(weights), sum0);
                    sum1 = TV.FusedMultiplyAdd(x, TV.Load(weights + TV.Count), sum1);
                }

                sum0.Store(outputs + column);
                sum1.Store(outputs + column + TV.Count);
            }

            for (; column <= end - TV.Count; column += TV.Count)
            {
                var sum = First<TV>(column);
                var weights = panel + column;
                for (var k = 0; k < inner; k++, weights += width)
                    sum = TV.FusedMultiplyAdd(TV.Broadcast(inputs[k]), TV.Load(weights), sum);
                sum.Store(outputs + column);
            }

            return column;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private TV First<TV>(int column) where TV : struct, ISimd<TV> => start == null ? TV.Broadcast(0f) : TV.Load(start + column);
    }
}
