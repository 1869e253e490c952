using Microsoft.ML.Data;

namespace MLNet.DenseNet;

/// <summary>How near a regression of several outputs comes to the labels: output by output and over all.</summary>
public sealed class MultiOutputRegressionMetrics
{
    internal MultiOutputRegressionMetrics(IReadOnlyList<RegressionMetrics> outputs)
    {
        Outputs = outputs;
        var meanSquaredError = outputs.Average(output => output.MeanSquaredError);
        Overall = new RegressionMetrics(
            outputs.Average(output => output.MeanAbsoluteError), meanSquaredError, Math.Sqrt(meanSquaredError), meanSquaredError,
            outputs.Select(output => output.RSquared).Where(share => !double.IsNaN(share)).DefaultIfEmpty(double.NaN).Average());
    }

    /// <summary>
    /// Over all outputs: the mean absolute and mean squared errors are means over rows and outputs, the root mean squared error is the root of that, the loss function
    /// is the mean squared error, and R-squared is the mean of the outputs' (as scikit-learn's r2_score averages by default), without those that have none.
    /// </summary>
    public RegressionMetrics Overall { get; }

    /// <summary>
    /// For each output, in the order of the label's slots, what <c>mlContext.Regression.Evaluate</c> would give for it alone. R-squared is
    /// <see cref="double.NaN"/> for an output whose label is the same in all rows.
    /// </summary>
    public IReadOnlyList<RegressionMetrics> Outputs { get; }

    /// <summary>Errors and R-squared over all outputs, in a line.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Outputs.Count} outputs: mean absolute error {Overall.MeanAbsoluteError:G4}, root mean squared error {Overall.RootMeanSquaredError:G4}, R-squared {Overall.RSquared:G4}");
}
