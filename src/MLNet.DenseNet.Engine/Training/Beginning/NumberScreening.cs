using System.Numerics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Finds the numbers that go with the label, each by itself or with another one, where most of a table's tell nothing: functions of all of them would soon follow what they tell by chance, and what two tell only together would not be found among them.
/// The others keep no functions, and only a little of their own weight.
/// </summary>
/// <remarks>
/// How surely a number goes with the label is told by statistics F that are about 1 where it does not. Of one number, polynomials of its ranks (<see cref="RankPolynomials"/>) are correlated with the label: few are enough for slopes and steps, more for waves. Of two, products of such polynomials are. The weight is 1 - c / F, where c is what chance
/// hardly ever exceeds: of one number once in a hundred times, of pairs in about none of all. Fan and Lv, "Sure independence screening for ultrahigh dimensional feature space" (2008); Hao and Zhang, "Interaction screening for ultrahigh-dimensional data" (2014).
/// </remarks>
internal static class NumberScreening
{
    // Of what is left of a number that tells nothing: what three tell together, and nothing fewer, is not gone.
    private const float ScaleOfOthers = 0.05f;

    private const int FewestNumbers = 10;
    private const int MostClasses = 64;

    // Where fewer may tell nothing, all are learned from as well.
    private const double LeastShareOfNumbers = 0.75;
    private const double LeastShareOfRows = 0.02;

    // The largest weight of those that tell something: smaller ones may all be chance, and what tells may be what three numbers tell together.
    private const double LeastOfBest = 0.5;

    private const int MostDegree = 12;
    private const int MiddleDegree = 3;
    private static readonly int[] Degrees = [1, MiddleDegree, MostDegree];
    private const int DegreesOfPairs = 2;

    // Of a normal distribution: one in 136 lies beyond.
    private const double Deviations = 2.44;

    // The quantile of 80 %.
    private const double ShareBelow = 0.8;
    private const double DeviationsOfShare = 0.8416;

    private const int MostRows = 4096;
    private const int FewestRowsOfPairs = 256;

    // Some tenths of a second.
    private const long MostProducts = 1L << 29;

    /// <summary>Finds them.</summary>
    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="columns">The numbers.</param>
    /// <param name="throwIfCanceled">Called for each number and each row.</param>
    /// <returns>Null where all stay as they are: they are few, more than a quarter tells something, or none surely does.</returns>
    public static ScreenedNumbers? Of(RowSubset rows, int[] columns, Action throwIfCanceled)
    {
        var outputs = Math.Max(1, rows.ClassCount);
        if (rows.IsSparse || columns.Length < FewestNumbers || outputs > MostClasses)
            return null;
        var weights = new double[columns.Length];
        var mayBeNull = new bool[columns.Length];
        WeighSingle();
        if (!AreMostlyNull())
            return null;
        WeighPairs();
        return AreMostlyNull() && weights.Max() >= LeastOfBest ? new ScreenedNumbers(columns, Array.ConvertAll(weights, weight => (float)weight), ScaleOfOthers) : null;

        // Of those that tell nothing, four of five have a statistic below that quantile of it: Storey, "A direct approach to false discovery rates" (2002).
        bool AreMostlyNull()
        {
            var nullCount = weights.Index().Count(pair => pair.Item == 0 && mayBeNull[pair.Index]) / ShareBelow;
            return nullCount >= LeastShareOfNumbers * columns.Length && nullCount >= LeastShareOfRows * rows.Count;
        }

        void WeighSingle()
        {
            var sample = Sample(rows, (long)columns.Length * MostDegree * outputs);
            var targets = LabelFunctions.Of(rows, sample);
            for (var number = 0; number < columns.Length; number++)
            {
                throwIfCanceled();
                var sum = 0.0;
                foreach (var (index, polynomial) in RankPolynomials.Of(Values(rows, sample, columns[number]), MostDegree).Index())
                {
                    sum += targets.SquaresWith(polynomial);
                    var degree = index + 1;
                    if (!Degrees.Contains(degree))
                        continue;
                    var degrees = (double)degree * targets.Degrees;
                    weights[number] = Math.Max(weights[number], Weight(sum, degrees, Deviations));
                    if (degree == MiddleDegree)
                        mayBeNull[number] = sum < degrees * ChiSquared.Quantile(degrees, DeviationsOfShare);
                }
            }
        }

        void WeighPairs()
        {
            var functions = columns.Length * DegreesOfPairs;
            var sample = Sample(rows, (long)functions * functions / 2 * outputs);
            if (sample.Length < Math.Min(rows.Count, FewestRowsOfPairs))
                return;
            var targets = LabelFunctions.Of(rows, sample);
            var ofRows = Array.ConvertAll(sample, _ => new double[functions]);
            for (var number = 0; number < columns.Length; number++)
            {
                foreach (var (degree, polynomial) in RankPolynomials.Of(Values(rows, sample, columns[number]), DegreesOfPairs).Index())
                {
                    for (var row = 0; row < ofRows.Length; row++)
                        ofRows[row][number * DegreesOfPairs + degree] = polynomial[row];
                }
            }

            var degrees = (double)DegreesOfPairs * DegreesOfPairs * targets.Degrees;
            // So far out lies about the largest of as many normal numbers; the natural logarithm by the whole one to base 2.
            var deviations = Math.Sqrt(2 * 0.6931 * (1 + BitOperations.Log2((uint)(columns.Length * (columns.Length - 1) / 2))));
            var sums = SumsOfPairs(ofRows, targets);
            for (var first = 0; first < columns.Length; first++)
            {
                for (var second = first + 1; second < columns.Length; second++)
                {
                    var weight = Weight(sums[first][second - first - 1], degrees, deviations);
                    (weights[first], weights[second]) = (Math.Max(weights[first], weight), Math.Max(weights[second], weight));
                }
            }
        }

        // (numbers, those behind): the squares of each pair.
        double[][] SumsOfPairs(double[][] ofRows, LabelFunctions targets)
        {
            double[][] sums = [.. columns.Select((_, number) => new double[columns.Length - number - 1])];
            foreach (var target in targets.Values)
            {
                double[][] products = [.. Enumerable.Range(0, columns.Length * DegreesOfPairs).Select(function => new double[sums[function / DegreesOfPairs].Length * DegreesOfPairs])];
                for (var row = 0; row < ofRows.Length; row++)
                {
                    throwIfCanceled();
                    for (var function = 0; function < products.Length; function++)
                        DoubleVectors.AddScaled(ofRows[row].AsSpan((function / DegreesOfPairs + 1) * DegreesOfPairs), ofRows[row][function] * target[row], products[function]);
                }

                foreach (var (function, ofFunction) in products.Index())
                {
                    for (var i = 0; i < ofFunction.Length; i++)
                        sums[function / DegreesOfPairs][i / DegreesOfPairs] += ofFunction[i] * ofFunction[i] / targets.Squares;
                }
            }

            return sums;
        }
    }

    private static double Weight(double sum, double degrees, double deviations) => Math.Max(0, 1 - degrees * ChiSquared.Quantile(degrees, deviations) / sum);

    /// <summary>Rows evenly spread, as many as may be gone through with so many products each.</summary>
    private static int[] Sample(RowSubset rows, long products)
    {
        var most = (int)Math.Clamp(MostProducts / products, 1, MostRows);
        var stride = (rows.Count + most - 1) / most;
        var sample = new int[(rows.Count + stride - 1) / stride];
        for (var i = 0; i < sample.Length; i++)
            sample[i] = rows.Rows[i * stride];
        return sample;
    }

    private static float[] Values(RowSubset rows, int[] sample, int column) => Array.ConvertAll(sample, row => rows.Data.FeaturesOf(row)[column]);
}
