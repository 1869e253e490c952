using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Whether targets go along a straight line with numbers as far as these reach, as where amounts of many sizes add up: to clip far values would hide most of what there is to learn then.</summary>
internal static class FarValues
{
    /// <summary>The most numbers that are looked at: a decomposition of more takes time.</summary>
    public const int MostNumbers = 256;

    // What the error of a linear model has to be reduced to by values as they are.
    private const double MostErrorLeft = 0.5;

    // Values up to so many deviations away are hardly changed by a limit.
    private const double Far = 6;

    /// <summary>Whether a linear model of numbers, ridge regression, tells each row's targets by all other rows with at most half the error where far values are as they are.</summary>
    /// <param name="clipped">Makes a network of layers in front, whose statistics are set, that clips far values. Most tables need none.</param>
    /// <param name="open">Makes one of the same layers without a limit that matters.</param>
    /// <param name="rows">To learn from, with numbers for targets.</param>
    /// <param name="numbers">The columns of numbers.</param>
    public static bool AreLinear(Func<Network> clipped, Func<Network> open, RowSubset rows, int[] numbers)
    {
        if (numbers.Length is 0 or > MostNumbers || rows.TargetCount is 0 or > ComponentChoice.MostOutputs)
            return false;
        var sample = SampledRows.Of(rows, rows.Rows, numbers.Length);
        var values = Values(open());
        if (!values.Any(row => row.Any(value => Math.Abs(value) > Far)))
            return false;
        var targets = sample.Targets(rows.TargetCount);
        return Error(values) <= MostErrorLeft * Error(Values(clipped()));

        double[][] Values(Network front) => sample.Before(front, front.Layers.Count, numbers);

        double Error(double[][] values)
        {
            var linear = RidgeRegression.Of(PrincipalComponents.Of(values), targets);
            return linear.Errors[linear.Best];
        }
    }
}
