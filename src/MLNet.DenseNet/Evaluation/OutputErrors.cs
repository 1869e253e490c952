using Microsoft.ML.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>The sums over rows of one output's errors.</summary>
internal sealed class OutputErrors
{
    private long _rows;
    private double _absoluteErrors;
    private double _squaredErrors;
    private double _labelMean;
    private double _labelDeviations;

    public void Add(double label, double score)
    {
        _rows++;
        _absoluteErrors += Math.Abs(label - score);
        _squaredErrors += (label - score) * (label - score);

        // The sum of squared deviations from the mean in one pass, without cancellation: B. P. Welford, Technometrics 4 (1962), 419-420.
        var deviation = label - _labelMean;
        _labelMean += deviation / _rows;
        _labelDeviations += deviation * (label - _labelMean);
    }

    /// <summary>What has been added, of at least one row.</summary>
    public RegressionMetrics ToMetrics()
    {
        var meanSquaredError = _squaredErrors / _rows;
        return new RegressionMetrics(
            _absoluteErrors / _rows, meanSquaredError, Math.Sqrt(meanSquaredError), meanSquaredError,
            _labelDeviations == 0 ? double.NaN : 1 - _squaredErrors / _labelDeviations);
    }
}
