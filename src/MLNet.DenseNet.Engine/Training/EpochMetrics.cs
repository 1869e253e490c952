namespace MLNet.DenseNet.Engine;

/// <summary>What the rows of an epoch are measured with, batch by batch.</summary>
internal sealed class EpochMetrics
{
    private readonly bool _isClassification;
    private readonly RSquaredMetric? _rSquared;

    /// <param name="rows">The rows.</param>
    /// <param name="loss">A regression is measured with R-squared unless its loss takes logits, which are no predictions.</param>
    /// <param name="mixesTargets">Whether targets are mixed on their way, so that they vary less than those of the rows.</param>
    public EpochMetrics(RowSource rows, Loss loss, bool mixesTargets = false)
    {
        _isClassification = rows.IsClassification;
        _rSquared = _isClassification || loss.Link is not null ? null : new RSquaredMetric(rows.Targets, mixesTargets);
    }

    /// <summary>The sums over the batches measured since the epoch began.</summary>
    public BatchSums Sums { get; private set; }

    public double? Accuracy => _isClassification ? Sums.Accuracy : null;

    public double? RSquared => _rSquared?.Value;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Sums = default;
        _rSquared?.Clear();
    }

    /// <summary>Takes in what came of a batch.</summary>
    public void Add(BatchSums sums, ReadOnlySpan<float> predictions, MiniBatch batch)
    {
        Sums += sums;
        _rSquared?.Add(predictions, batch.Targets.Values, batch.Targets.Weights);
    }
}
