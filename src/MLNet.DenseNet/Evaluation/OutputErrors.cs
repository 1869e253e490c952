using Microsoft.ML.Data;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Evaluation;

/// <summary>The sums over rows of one output's errors.</summary>
internal sealed class OutputErrors
{
    private long _rows;
    private double _absoluteErrors;
    private double _squaredErrors;
    private double _labelMean;
    private double _labelVariation;

    public void Add(double label, double score)
    {
        _rows++;
        _absoluteErrors += Math.Abs(label - score);
        _squaredErrors += (label - score) * (label - score);
        RunningMoments.Add(label, _rows, ref _labelMean, ref _labelVariation);
    }

    /// <summary>The metrics of the rows that were added, at least one.</summary>
    public RegressionMetrics ToMetrics()
    {
        var meanSquaredError = _squaredErrors / _rows;
        return new RegressionMetrics(
            _absoluteErrors / _rows, meanSquaredError, Math.Sqrt(meanSquaredError), meanSquaredError,
            _labelVariation == 0 ? double.NaN : 1 - _squaredErrors / _labelVariation);
    }
}
