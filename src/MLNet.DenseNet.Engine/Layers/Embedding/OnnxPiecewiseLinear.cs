namespace MLNet.DenseNet.Engine;

/// <summary>Piecewise-linear functions of single numbers in ONNX graphs: the share of each bin that lies below a number, times how far the functions rise there.</summary>
/// <param name="edges">(numbers x bins + 1).</param>
/// <param name="weights">(numbers x bins x units).</param>
/// <param name="numbers">How many.</param>
/// <param name="bins">Bins of a number.</param>
/// <param name="units">Functions of a number.</param>
internal sealed class OnnxPiecewiseLinear(float[] edges, float[] weights, int numbers, int bins, int units)
{
    /// <param name="graph">Where to.</param>
    /// <param name="rows">(batch x inputs).</param>
    /// <param name="columns">Which inputs the numbers are.</param>
    /// <returns>(batch x numbers * units).</returns>
    public string Add(OnnxGraph graph, string rows, int[] columns)
    {
        var (lower, width) = (new float[numbers * bins], new float[numbers * bins]);
        for (var number = 0; number < numbers; number++)
        {
            for (var bin = 0; bin < bins; bin++)
            {
                var edge = number * (bins + 1) + bin;
                // Unused bins at the end lie beyond all numbers: no share of them is below one.
                (lower[number * bins + bin], width[number * bins + bin]) = edges[edge + 1] > edges[edge] ? (edges[edge], edges[edge + 1] - edges[edge]) : (float.MaxValue, float.MaxValue);
            }
        }

        var x = graph.Reshape(graph.Columns(rows, columns), numbers, 1);
        var shares = graph.Node("Div", [graph.Node("Sub", [x, graph.Constant("edges", lower, numbers, bins)]), graph.Constant("widths", width, numbers, bins)]);
        shares = graph.Node("Max", [graph.Node("Min", [shares, graph.Number(1)]), graph.Number(0)]);
        // (numbers x batch x bins) times (numbers x bins x units).
        var products = graph.Node("MatMul", [graph.Transpose(shares, 1, 0, 2), graph.Constant("weights", weights, numbers, bins, units)]);
        return graph.Reshape(graph.Transpose(products, 1, 0, 2), numbers * units);
    }
}
