using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Whether targets go along a straight line with columns, by how a linear model, ridge regression, tells each row's targets by all other rows.</summary>
/// <param name="AsFarAsValuesReach">Whether it has at most half the error where far values are as they are, as where amounts of many sizes add up: to clip them would hide most of what there is to learn then. Where it tells nearly all so, less is enough.</param>
/// <param name="AreTold">Whether it tells nearly all. Gradient descent would be slow to find the last of that, and what few rows tell, such as a rare indicator of much, would be learned row by row.</param>
internal readonly record struct LinearTargets(bool AsFarAsValuesReach, bool AreTold)
{
    /// <summary>The most columns that are looked at: a decomposition of more takes time.</summary>
    public const int MostColumns = 256;

    // What the error of a linear model has to be reduced to by values as they are.
    private const double MostErrorLeft = 0.5;
    private const double MostErrorLeftOfTold = 0.9;

    // Values up to so many deviations away are hardly changed by a limit, unless targets go along a line so closely that any bend shows.
    private const double Far = 6;

    // Beside the variance of the targets.
    private const double MostErrorOfTold = 0.2;

    /// <summary>Looks at rows.</summary>
    /// <param name="clipped">A network of layers in front, whose statistics are set, that clips far values.</param>
    /// <param name="open">Makes one of the same layers without a limit that matters.</param>
    /// <param name="rows">To learn from, with numbers for targets.</param>
    /// <param name="columns">Of what comes out of these layers.</param>
    public static LinearTargets Of(Network clipped, Func<Network> open, RowSubset rows, int[] columns)
    {
        if (columns.Length is 0 or > MostColumns || rows.TargetCount is 0 or > ComponentChoice.MostOutputs)
            return default;
        var sample = SampledRows.Of(rows, rows.Rows, columns.Length);
        var targets = sample.Targets(rows.TargetCount);
        var error = Error(Values(clipped));
        var values = Values(open());
        var mayBend = error <= MostErrorOfTold || values.Any(row => row.Any(value => Math.Abs(value) > Far));
        var ofOpen = mayBend ? Error(values) : double.PositiveInfinity;
        var asFarAsValuesReach = ofOpen <= (ofOpen <= MostErrorOfTold ? MostErrorLeftOfTold : MostErrorLeft) * error;
        return new LinearTargets(asFarAsValuesReach, (asFarAsValuesReach ? ofOpen : error) <= MostErrorOfTold);

        double[][] Values(Network front) => sample.Before(front, front.Layers.Count, columns);

        double Error(double[][] values)
        {
            var linear = RidgeRegression.Of(PrincipalComponents.Of(values), targets);
            return linear.Errors[linear.Best];
        }
    }
}
