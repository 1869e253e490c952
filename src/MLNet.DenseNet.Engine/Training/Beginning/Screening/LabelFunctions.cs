using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>What stands for labels where something is correlated with them: indicators of classes; of numbers, whose far ones would be all that counts, their ranks. Rows count by their weights.</summary>
/// <param name="Values">(functions x rows).</param>
/// <param name="Squares">The mean of the squared sum of a function's products with random numbers of variance 1, as far as functions are free.</param>
/// <param name="Degrees">How many functions are free.</param>
internal sealed record LabelFunctions(double[][] Values, double Squares, int Degrees)
{
    /// <param name="rows">To learn from, with classes or one target each.</param>
    /// <param name="sample">Which of the data's rows.</param>
    public static LabelFunctions Of(RowSubset rows, int[] sample)
    {
        var (data, weights) = (rows.Data, Array.ConvertAll(sample, row => (double)rows.Data.Weight(row)));
        var squares = DoubleVectors.SumOfProducts(weights, weights);
        if (!rows.IsClassification)
        {
            var numbers = new float[sample.Length];
            data.CopyTargets(sample, numbers, 1);
            return new([Weighed(RankPolynomials.Of(numbers, 1)[0])], squares, Degrees: 1);
        }

        var (shares, total) = (new double[rows.ClassCount], 0.0);
        for (var i = 0; i < sample.Length; i++)
        {
            shares[data.Class(sample[i])] += weights[i];
            total += weights[i];
        }

        double[] roots = [.. shares.Select(share => Math.Sqrt(share / total))];
        double[][] values = [.. roots.Select((root, label) => Weighed(Array.ConvertAll(sample, row => root > 0 ? ((data.Class(row) == label ? 1 : 0) - root * root) / root : 0)))];
        return new(values, squares, Math.Max(1, roots.Count(root => root > 0) - 1));

        double[] Weighed(double[] values) => [.. values.Zip(weights, (value, weight) => weight * value)];
    }

    /// <summary>The sum of squares of their correlations with other values, which is chi-squared where these have nothing to do with labels.</summary>
    /// <param name="values">(rows): of mean 0 and mean square 1.</param>
    public double SquaresWith(double[] values)
    {
        var sum = 0.0;
        foreach (var function in Values)
        {
            var product = DoubleVectors.SumOfProducts(function, values);
            sum += product * product / Squares;
        }

        return sum;
    }
}
