namespace MLNet.DenseNet.Engine;

/// <summary>The loss and the metrics of an epoch's rows, gathered batch by batch.</summary>
internal sealed class EpochMetrics
{
    private readonly bool _hasAccuracy;
    private readonly RSquaredMetric? _rSquared;
    private readonly NdcgMetric? _ndcg;
    private readonly ClassWeightedMetric? _classWeighted;
    private readonly bool _standardizesTargets;
    private readonly int _outputs;

    /// <param name="rows">The rows.</param>
    /// <param name="loss">The loss. A regression has an R-squared unless its loss takes logits, or only compares predictions, which are no predictions; of logarithms it is that of their exponentials.</param>
    /// <param name="outputs">Outputs a row.</param>
    /// <param name="classFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
    /// <param name="scaling">Standardizes targets; null where they are learned as they are.</param>
    /// <param name="mixesTargets">Whether an augmentation mixes targets, so that they vary less than those of the rows.</param>
    public EpochMetrics(RowSource rows, Loss loss, int outputs, float[]? classFactors, TargetScaling? scaling, bool mixesTargets = false)
    {
        _hasAccuracy = rows.HasAccuracy(loss);
        var takesLogarithms = loss.Link == Activation.Exponential;
        // Quantiles but the median are off the mean on purpose, and scores of a ranking have no unit.
        var predictsNoMean = loss is QuantileLoss { Quantile: not 0.5f } or MultiQuantileLoss || loss.NeedsGroups;
        _rSquared = _hasAccuracy || predictsNoMean || (loss.Link is not null && !takesLogarithms) ? null : new RSquaredMetric(rows.Targets, mixesTargets, scaling, takesLogarithms);
        _ndcg = rows.LargestGroup > 0 && outputs == 1 && !mixesTargets ? new NdcgMetric(rows.LargestGroup) : null;
        _outputs = outputs;
        _standardizesTargets = scaling is not null && !loss.TakesOwnUnits;
        _classWeighted = classFactors is null ? null : new ClassWeightedMetric(classFactors, Engine.Accuracy.Threshold(loss));
    }

    /// <summary>The sums over the batches measured since the epoch began.</summary>
    public BatchSums Sums { get; private set; }

    public double? Accuracy => _hasAccuracy ? Sums.Accuracy : null;

    public double? ClassWeightedAccuracy => _classWeighted?.Value;

    /// <summary>The mean objective, where it is another number than the reported loss: with class weights, or of standardized targets. Null also where no row weighs anything.</summary>
    public double? ObjectiveApart => (_classWeighted is not null || _standardizesTargets) && Sums.Weight > 0 ? Sums.MeanObjective : null;

    public double? RSquared => _rSquared?.Value;

    public double? Ndcg => _ndcg?.Value;

    /// <summary>Whether there is a metric besides the loss.</summary>
    public bool HasMetric => _hasAccuracy || _ndcg is not null || _rSquared is not null;

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Sums = default;
        _rSquared?.Clear();
        _ndcg?.Clear();
        _classWeighted?.Clear();
    }

    /// <summary>Adds a batch.</summary>
    public void Add(BatchSums sums, ReadOnlySpan<float> predictions, MiniBatch batch)
    {
        Sums += sums;
        var targets = batch.Targets;
        _rSquared?.Add(predictions, targets.Values, targets.Weights);
        _ndcg?.Add(predictions, in targets);
        _classWeighted?.Add(predictions, targets.Values, targets.ExampleWeights, _outputs);
    }
}
