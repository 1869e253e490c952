using System.Numerics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Finds columns that go with the label together with another one, by products of polynomials of their ranks.</summary>
internal static class PairScreening
{
    private const int FewestRows = 256;

    /// <summary>Raises the weights of those that are found to 1 - c / F, where F of about none of all pairs exceeds c by chance. With too many columns for as few rows as there is time for, none is.</summary>
    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="columns">Those that are paired with each other.</param>
    /// <param name="degrees">Polynomials of each: of columns of two values, there is one.</param>
    /// <param name="partners">Columns of two values, which are paired with these alone.</param>
    /// <param name="weights">(columns): their weights.</param>
    /// <param name="ofPartners">(partners): their weights.</param>
    /// <param name="throwIfCanceled">Called for each row.</param>
    public static void Weigh(RowSubset rows, int[] columns, int degrees, int[] partners, double[] weights, double[] ofPartners, Action throwIfCanceled)
    {
        var functions = degrees * columns.Length;
        var pairs = columns.Length * ((columns.Length - 1) / 2.0 + partners.Length);
        if (pairs == 0)
            return;
        var sample = ScreeningSample.Of(rows, (long)functions * (functions / 2 + partners.Length));
        if (sample.Count < Math.Min(rows.Count, FewestRows))
            return;
        // So far out lies about the largest of as many normal numbers; the natural logarithm by the whole one to base 2.
        var deviations = Math.Sqrt(2 * 0.6931 * (1 + BitOperations.Log2((uint)pairs)));
        var squares = Squares(sample, columns, degrees, partners, throwIfCanceled);
        for (var first = 0; first < columns.Length; first++)
        {
            var behind = degrees * (columns.Length - first - 1);
            for (var second = first + 1; second < columns.Length; second++)
                Raise(ref weights[first], ref weights[second], squares[first].AsSpan(degrees * (second - first - 1), degrees));
            for (var partner = 0; partner < partners.Length; partner++)
                Raise(ref weights[first], ref ofPartners[partner], squares[first].AsSpan(behind + partner, 1));
        }

        void Raise(ref double first, ref double second, ReadOnlySpan<double> squares)
        {
            var sum = 0.0;
            foreach (var square in squares)
                sum += square;
            var weight = ChiSquared.Excess(sum, degrees * squares.Length * sample.Label.Degrees, deviations);
            (first, second) = (Math.Max(first, weight), Math.Max(second, weight));
        }
    }

    /// <summary>(columns, functions of columns behind it and of partners): the squared correlations of its products with these, of all its functions and all of the label.</summary>
    private static double[][] Squares(ScreeningSample sample, int[] columns, int degrees, int[] partners, Action throwIfCanceled)
    {
        double[][] functions = [.. columns.SelectMany(column => sample.Polynomials(column, degrees)), .. partners.Select(partner => sample.Polynomials(partner, 1)[0])];
        double[][] ofRows = [.. Enumerable.Range(0, sample.Count).Select(row => Array.ConvertAll(functions, function => function[row]))];
        double[][] squares = [.. columns.Select((_, index) => new double[functions.Length - degrees * (index + 1)])];
        foreach (var label in sample.Label.Values)
        {
            double[][] products = [.. Enumerable.Range(0, degrees * columns.Length).Select(function => new double[squares[function / degrees].Length])];
            for (var row = 0; row < ofRows.Length; row++)
            {
                throwIfCanceled();
                for (var function = 0; function < products.Length; function++)
                    DoubleVectors.AddScaled(ofRows[row].AsSpan(functions.Length - products[function].Length), ofRows[row][function] * label[row], products[function]);
            }

            for (var function = 0; function < products.Length; function++)
            {
                for (var i = 0; i < products[function].Length; i++)
                    squares[function / degrees][i] += products[function][i] * products[function][i] / sample.Label.Squares;
            }
        }

        return squares;
    }
}
