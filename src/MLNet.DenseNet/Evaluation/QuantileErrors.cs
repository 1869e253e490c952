namespace MLNet.DenseNet.Evaluation;

/// <summary>The sums over rows of one quantile's errors.</summary>
internal sealed class QuantileErrors(float quantile)
{
    private long _rows;
    private long _atOrBelow;
    private double _pinballLosses;

    public float Quantile => quantile;

    public void Add(double label, double score)
    {
        _rows++;
        _atOrBelow += label <= score ? 1 : 0;
        _pinballLosses += label <= score ? (1.0 - quantile) * (score - label) : quantile * (label - score);
    }

    /// <summary>The metrics of the rows that were added, at least one.</summary>
    public QuantileMetrics ToMetrics() => new(quantile, _pinballLosses / _rows, (double)_atOrBelow / _rows);
}
