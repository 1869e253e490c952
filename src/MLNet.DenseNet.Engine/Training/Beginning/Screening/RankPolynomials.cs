using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Functions of the ranks of numbers that together follow any curve the more closely the more they are: polynomials of degree 1, 2, ..., orthonormal on these ranks. Equal numbers have the same rank, the mean of theirs, and far ones are only the last.</summary>
/// <remarks>Neyman, "Smooth test for goodness of fit" (1937), who tests by Legendre's polynomials of ranks.</remarks>
internal static class RankPolynomials
{
    // What is left of a polynomial that few distinct ranks make one of the lower ones is no function of its own.
    private const double LeastVariance = 1e-4;

    /// <summary>(degrees x numbers): of each polynomial the mean is 0 and the mean square 1, 0 where there are too few distinct numbers for it. What is not-a-number has 0 in all.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="degrees">The highest degree, at least 1.</param>
    public static double[][] Of(float[] values, int degrees)
    {
        var ranks = Ranks(values);
        var (before, last) = (Array.ConvertAll(ranks, _ => 1.0), ranks);
        List<double[]> functions = [];
        for (var degree = 1; degree <= degrees; degree++)
        {
            if (degree > 1)
                (before, last) = (last, Legendre(degree, ranks, last, before));
            functions.Add(Orthonormal([.. last], ranks, functions));
        }

        return [.. functions];
    }

    /// <summary>From -1 to 1; not-a-number for what is none.</summary>
    private static double[] Ranks(float[] values)
    {
        var ranks = new double[values.Length];
        Array.Fill(ranks, double.NaN);
        int[] known = [.. Enumerable.Range(0, values.Length).Where(i => !float.IsNaN(values[i]))];
        var sorted = Array.ConvertAll(known, i => values[i]);
        Array.Sort(sorted, known);
        for (var (first, end) = (0, 0); first < known.Length; first = end)
        {
            while (end < known.Length && sorted[end] == sorted[first])
                end++;
            for (var i = first; i < end; i++)
                ranks[known[i]] = (double)(first + end) / known.Length - 1;
        }

        return ranks;
    }

    /// <summary>By Bonnet's recurrence, from those of the last degree and the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Legendre(int degree, double[] x, double[] last, double[] before)
    {
        var values = new double[x.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = ((2 * degree - 1) * x[i] * last[i] - (degree - 1) * before[i]) / degree;
        return values;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double[] Orthonormal(double[] values, double[] ranks, List<double[]> others)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (!double.IsNaN(value))
                (sum, count) = (sum + value, count + 1);
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = double.IsNaN(ranks[i]) ? 0 : values[i] - sum / count;
        foreach (var other in others)
            DoubleVectors.AddScaled(other, -DoubleVectors.SumOfProducts(values, other) / values.Length, values);
        var variance = DoubleVectors.SumOfProducts(values, values) / values.Length;
        var scale = variance > LeastVariance ? 1 / Math.Sqrt(variance) : 0;
        return Array.ConvertAll(values, value => scale * value);
    }
}
