namespace MLNet.DenseNet.Evaluation;

/// <summary>The sums over rows of one quantile's errors.</summary>
internal sealed class QuantileErrors(float quantile)
{
    // As it is written: float's 0.1 is another number.
    private readonly double _share = (double)(decimal)quantile;

    private long _rows;
    private long _atOrBelow;
    private double _pinballLosses;

    public float Quantile => quantile;

    public void Add(double label, double score)
    {
        _rows++;
        _atOrBelow += label <= score ? 1 : 0;
        _pinballLosses += label <= score ? (1 - _share) * (score - label) : _share * (label - score);
    }

    /// <summary>The metrics of the rows that were added, at least one.</summary>
    public QuantileMetrics ToMetrics() => new(quantile, _pinballLosses / _rows, (double)_atOrBelow / _rows);
}
