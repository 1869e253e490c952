using System.Numerics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Finds the numbers that go with the label together with another number or an indicator, by products of polynomials of their ranks.</summary>
internal static class PairScreening
{
    private const int Degrees = 2;
    private const int FewestRows = 256;

    /// <summary>Raises the weights of those that are found to 1 - c / F, where F of about none of all pairs exceeds c by chance. With too many columns for as few rows as there is time for, none is.</summary>
    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="numbers">Columns of numbers.</param>
    /// <param name="indicators">Columns of two values, which are paired with numbers.</param>
    /// <param name="ofNumbers">(numbers): their weights.</param>
    /// <param name="ofIndicators">(indicators): their weights.</param>
    /// <param name="throwIfCanceled">Called for each row.</param>
    public static void Weigh(RowSubset rows, int[] numbers, int[] indicators, double[] ofNumbers, double[] ofIndicators, Action throwIfCanceled)
    {
        var functions = Degrees * numbers.Length;
        var sample = ScreeningSample.Of(rows, (long)functions * (functions / 2 + indicators.Length));
        if (sample.Count < Math.Min(rows.Count, FewestRows))
            return;
        var pairs = numbers.Length * ((numbers.Length - 1) / 2.0 + indicators.Length);
        // So far out lies about the largest of as many normal numbers; the natural logarithm by the whole one to base 2.
        var deviations = Math.Sqrt(2 * 0.6931 * (1 + BitOperations.Log2((uint)pairs)));
        var squares = Squares(sample, numbers, indicators, throwIfCanceled);
        for (var first = 0; first < numbers.Length; first++)
        {
            var behind = Degrees * (numbers.Length - first - 1);
            for (var second = first + 1; second < numbers.Length; second++)
                Raise(ref ofNumbers[first], ref ofNumbers[second], squares[first].AsSpan(Degrees * (second - first - 1), Degrees));
            for (var indicator = 0; indicator < indicators.Length; indicator++)
                Raise(ref ofNumbers[first], ref ofIndicators[indicator], squares[first].AsSpan(behind + indicator, 1));
        }

        void Raise(ref double first, ref double second, ReadOnlySpan<double> squares)
        {
            var sum = 0.0;
            foreach (var square in squares)
                sum += square;
            var weight = ChiSquared.Excess(sum, Degrees * squares.Length * sample.Label.Degrees, deviations);
            (first, second) = (Math.Max(first, weight), Math.Max(second, weight));
        }
    }

    /// <summary>(numbers, functions of numbers behind it and of indicators): the squared correlations of its products with these, of all its functions and all of the label.</summary>
    private static double[][] Squares(ScreeningSample sample, int[] numbers, int[] indicators, Action throwIfCanceled)
    {
        double[][] functions = [.. numbers.SelectMany(number => sample.Polynomials(number, Degrees)), .. indicators.Select(indicator => sample.Polynomials(indicator, 1)[0])];
        double[][] ofRows = [.. Enumerable.Range(0, sample.Count).Select(row => Array.ConvertAll(functions, function => function[row]))];
        double[][] squares = [.. numbers.Select((_, number) => new double[functions.Length - Degrees * (number + 1)])];
        foreach (var label in sample.Label.Values)
        {
            double[][] products = [.. Enumerable.Range(0, Degrees * numbers.Length).Select(function => new double[squares[function / Degrees].Length])];
            for (var row = 0; row < ofRows.Length; row++)
            {
                throwIfCanceled();
                for (var function = 0; function < products.Length; function++)
                    DoubleVectors.AddScaled(ofRows[row].AsSpan(functions.Length - products[function].Length), ofRows[row][function] * label[row], products[function]);
            }

            for (var function = 0; function < products.Length; function++)
            {
                for (var i = 0; i < products[function].Length; i++)
                    squares[function / Degrees][i] += products[function][i] * products[function][i] / sample.Label.Squares;
            }
        }

        return squares;
    }
}
