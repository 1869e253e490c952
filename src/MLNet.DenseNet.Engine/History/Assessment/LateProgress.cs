namespace MLNet.DenseNet.Engine;

/// <summary>
/// How much the end of a training still improved it. The end is the last quarter of the way, and the way is the sum of the learning rates. Epochs do not measure it: where the rate falls to
/// 0, the last epochs are flat whether or not there was more to learn.
/// </summary>
internal sealed class LateProgress
{
    private const double WayBefore = 0.75;

    // More epochs promise more where the last quarter brought at least this share of all there was to learn; several times as much where the model is far better on its training rows, or
    // where steps and weight decay are in balance.
    private const double Fall = 0.01;
    private const double Several = 5;

    /// <summary>With fewer epochs, the noise cannot be told.</summary>
    public const int FewEpochs = 10;

    // With few epochs, training was too short where its loss fell by this share in the second half of them, and the judged loss was lowest in the last quarter.
    private const double FallOfFew = 0.02;

    // Where the model knows little yet, training was too short if this share of the fall of its loss came in the last quarter, and the judged loss fell there by this share of all there was to learn.
    private const double LateShareOfLittle = 0.1;
    private const double FallOfLittle = 0.001;

    private readonly LossCurves _losses;

    // The epoch, from 0, after which the last quarter begins.
    private readonly int _from;

    /// <param name="history">At least one epoch, all losses finite, none of annealing.</param>
    public LateProgress(TrainingHistory history)
    {
        _losses = new LossCurves(history, LearnedShare.Of(history));
        var way = WayOf([.. history.Select(e => (double)e.LearningRate)]);
        IsInBalance = DecayOf(history) * history.Average(e => (double)e.LearningRate) * history.Count * history.StepsPerEpoch > Math.Log(2);
        _from = Math.Clamp(Array.FindIndex(way, sum => sum >= WayBefore * way[^1]), 0, Math.Max(0, way.Length - 2));
        (From, To) = (history[_from], history[^1]);
    }

    /// <summary>The epoch after which the last quarter begins.</summary>
    public EpochSummary From { get; }

    /// <summary>The epoch with which it ends.</summary>
    public EpochSummary To { get; }

    /// <summary>The judged loss, smoothed, after the epoch after which the last quarter begins.</summary>
    public double JudgedFrom => _losses.Judged[_from];

    /// <summary>The same at the end.</summary>
    public double JudgedTo => _losses.Judged.Last;

    /// <summary>
    /// Whether weight decay by itself would have halved the weights by now. Then steps and decay are about in balance, and a smaller decay helps more than further epochs.
    /// </summary>
    public bool IsInBalance { get; }

    /// <summary>Whether more epochs promise more.</summary>
    /// <param name="learned">The share of what there is to learn, where it is known.</param>
    /// <param name="hasGap">Whether the model does far better on its training rows.</param>
    public bool IsUnfinished(double? learned, bool hasGap)
    {
        if (learned >= TrainingAssessment.LearnedMost)
            return false;
        var (training, judged) = (_losses.Training, _losses.Judged);
        var (late, all) = (training[_from] - training.Last, training.First - training.Last);
        var fallen = judged[_from] - judged.Last;
        if (learned < TrainingAssessment.LearnedLittle && !hasGap && fallen > FallOfLittle * _losses.Worth && training.IsClear(late) && late > LateShareOfLittle * all)
            return true;
        var least = (hasGap || IsInBalance ? Several : 1) * _losses.Worth;
        if (judged.Count < FewEpochs && !hasGap && judged.LowestUpTo(judged.Count - 1) > _from && training[judged.Count / 2 - 1] - training.Last > FallOfFew * least)
            return true;
        return judged.IsClear(fallen) && fallen > Fall * least && late > 0;
    }

    /// <summary>The share of a weight that decay takes away in a step, for each unit of the learning rate. 0 for optimizers that divide it by the size of the gradients. A history knows optimizers by their names alone.</summary>
    private static double DecayOf(TrainingHistory history) =>
        history.Settings.Optimizer is var name && (name.StartsWith("AdamW", StringComparison.Ordinal) || name.StartsWith("Muon", StringComparison.Ordinal) || name.StartsWith("SGD", StringComparison.Ordinal)) ? history.Settings.WeightDecay : 0;

    /// <summary>The sum of the learning rates up to each epoch; the number of epochs where the rates tell nothing.</summary>
    private static double[] WayOf(double[] rates)
    {
        var way = new double[rates.Length];
        for (var epoch = 0; epoch < way.Length; epoch++)
            way[epoch] = epoch == 0 ? rates[0] : way[epoch - 1] + (rates[epoch - 1] + rates[epoch]) / 2;
        return double.IsFinite(way[^1]) && way[^1] > 0 ? way : [.. Enumerable.Range(1, rates.Length).Select(epoch => (double)epoch)];
    }
}
