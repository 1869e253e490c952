namespace MLNet.DenseNet.Evaluation;

/// <summary>How many labels were in their intervals, and how wide these were.</summary>
internal sealed class IntervalHits
{
    private long _rows;
    private long _inside;
    private double _widths;

    public void Add(double label, double lower, double upper)
    {
        _rows++;
        _inside += label >= lower && label <= upper ? 1 : 0;
        // Two ends that are infinite are not apart.
        _widths += upper == lower ? 0 : upper - lower;
    }

    /// <summary>The metrics of the rows that were added, at least one.</summary>
    /// <param name="confidence">The share of labels that were to be inside.</param>
    public QuantileIntervalMetrics ToMetrics(double confidence) => new(confidence, (double)_inside / _rows, _widths / _rows);
}
