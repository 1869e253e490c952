using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Ridge regression on the principal components of rows, with the parameter by which each row is best told by all others.</summary>
/// <remarks>Hoerl and Kennard, "Ridge regression: biased estimation for nonorthogonal problems" (1970). The error of leaving each row out comes from what it adds to its own prediction: Golub, Heath and Wahba, "Generalized cross-validation as a method for choosing a good ridge parameter" (1979).</remarks>
internal sealed class RidgeRegression
{
    private const int Decades = 10;

    // Where rows predict themselves in the mean, small parameters tell little of others.
    private const double MostMeanLeverage = 0.95;

    // What rounding leaves of a row that predicts itself. Down to this its own error falls with what is left of it, and the quotient of both is right.
    private const double LeastFreedom = 1e-9;

    private readonly PrincipalComponents _components;

    // (components x rows).
    private readonly double[][] _squaredScores;

    // (outputs x rows).
    private readonly double[][] _standardized;
    private readonly (double Mean, double Deviation)[] _targets;

    // (outputs x components): the sums of products of scores and standardized targets.
    private readonly double[][] _along;

    private RidgeRegression(PrincipalComponents components, double[][] standardized, (double Mean, double Deviation)[] targets, double[][] along)
    {
        (_components, _standardized, _targets, _along) = (components, standardized, targets, along);
        _squaredScores = Array.ConvertAll(components.Scores, DoubleVectors.Squares);
        Errors = [.. Shares.Select((_, i) => ErrorWith(Kept(components, i)))];
        Best = Array.IndexOf(Errors, Errors.Min());
    }

    /// <summary>The mean squared error beside the variance of the targets, of outputs whose targets differ, by the parameter: none told, then a tenth of the largest variation, a hundredth, and so on.</summary>
    public double[] Errors { get; }

    /// <summary>Which parameter has the smallest error.</summary>
    public int Best { get; }

    /// <summary>What the best parameter is, as a share of the largest variation.</summary>
    public double BestShare => Shares[Best];

    private static double[] Shares { get; } = MakeShares();

    /// <summary>Finds the errors.</summary>
    /// <param name="components">Those of the rows.</param>
    /// <param name="targets">(outputs x rows).</param>
    public static RidgeRegression Of(PrincipalComponents components, double[][] targets)
    {
        var moments = Array.ConvertAll(targets, MomentsOf);
        double[][] standardized = [.. targets.Zip(moments, (ofOutput, moment) => Array.ConvertAll(ofOutput, target => moment.Deviation > 0 ? (target - moment.Mean) / moment.Deviation : 0))];
        var along = Array.ConvertAll(standardized, ofOutput => Array.ConvertAll(components.Scores, scores => DoubleVectors.SumOfProducts(scores, ofOutput)));
        return new RidgeRegression(components, standardized, moments, along);
    }

    /// <summary>The error with the best parameter on the first components alone.</summary>
    public double ErrorOf(int count) => ErrorWith([.. Kept(_components, Best).Select((kept, k) => k < count ? kept : 0)]);

    /// <summary>What the best parameter tells of each row by all others.</summary>
    /// <returns>(outputs x rows).</returns>
    public double[][] LeftOut()
    {
        var errors = ErrorsWith(Kept(_components, Best));
        for (var output = 0; output < errors.Length; output++)
        {
            for (var row = 0; row < errors[output].Length; row++)
                errors[output][row] = _targets[output].Mean + _targets[output].Deviation * (_standardized[output][row] - errors[output][row]);
        }

        return errors;
    }

    /// <summary>The weights of the columns and the bias with the best parameter.</summary>
    /// <returns>(columns x outputs) and (outputs).</returns>
    public (float[] Weights, float[] Bias) Coefficients()
    {
        var (outputs, columns, kept) = (_targets.Length, _components.ColumnCount, Kept(_components, Best));
        var (weights, bias) = (new float[columns * outputs], new float[outputs]);
        double[][] directions = [.. kept.Select((_, k) => _components.Direction(k))];
        for (var output = 0; output < outputs; output++)
        {
            var sum = new double[columns];
            for (var k = 0; k < kept.Length; k++)
                DoubleVectors.AddScaled(directions[k], _targets[output].Deviation * kept[k] * _along[output][k] / Math.Sqrt(_components.Variations[k]), sum);
            var middle = _targets[output].Mean;
            for (var column = 0; column < columns; column++)
            {
                weights[column * outputs + output] = (float)sum[column];
                middle -= sum[column] * _components.Means[column];
            }

            bias[output] = (float)middle;
        }

        return (weights, bias);
    }

    private static double[] MakeShares()
    {
        var shares = new double[Decades + 1];
        shares[0] = double.PositiveInfinity;
        var share = 1.0;
        for (var i = 1; i <= Decades; i++)
            shares[i] = share /= 10;
        return shares;
    }

    private static (double Mean, double Deviation) MomentsOf(double[] targets)
    {
        var mean = targets.Average();
        return (mean, Math.Sqrt(targets.Average(target => (target - mean) * (target - mean))));
    }

    /// <summary>(components): the share of each that is left.</summary>
    private static double[] Kept(PrincipalComponents components, int parameter) =>
        Array.ConvertAll(components.Variations, variation => variation / (variation + Shares[parameter] * components.Variations[0]));

    /// <param name="kept">(components): the share of each that is left.</param>
    private double ErrorWith(double[] kept)
    {
        var rows = _components.RowCount;
        if (kept.Sum() + 1 > MostMeanLeverage * rows)
            return double.PositiveInfinity;
        // Targets that are all the same are told by any model.
        return ErrorsWith(kept).Sum(ofOutput => DoubleVectors.SumOfProducts(ofOutput, ofOutput)) / ((double)rows * Math.Max(1, _targets.Count(target => target.Deviation > 0)));
    }

    /// <summary>(outputs x rows): what a row's standardized targets are beyond what all others tell of them.</summary>
    /// <param name="kept">As above.</param>
    private double[][] ErrorsWith(double[] kept)
    {
        var freedoms = new double[_components.RowCount];
        Array.Fill(freedoms, 1 - 1.0 / freedoms.Length);
        var errors = Array.ConvertAll(_standardized, ofOutput => ofOutput.ToArray());
        for (var k = 0; k < kept.Length; k++)
        {
            DoubleVectors.AddScaled(_squaredScores[k], -kept[k], freedoms);
            for (var output = 0; output < errors.Length; output++)
                DoubleVectors.AddScaled(_components.Scores[k], -kept[k] * _along[output][k], errors[output]);
        }

        foreach (var ofOutput in errors)
            DoubleVectors.Divide(ofOutput, freedoms, LeastFreedom);
        return errors;
    }
}
