namespace MLNet.DenseNet.Engine;

/// <summary>
/// What the end of a training still brought: the epochs of the last quarter of the way, as the steps' learning rates add up. Where the rate falls to 0, the last epochs are flat whether or not there was
/// more to learn, so that epochs are no measure.
/// </summary>
internal sealed class LateProgress
{
    private const double WayBefore = 0.75;

    // Of all there was to learn, what the last quarter must have brought to promise more; as many times as much where the model is far better on its training rows, or steps and weight decay are in balance.
    private const double Fall = 0.01;
    private const double Several = 5;

    /// <summary>Of fewer epochs none tells noise.</summary>
    public const int FewEpochs = 10;

    // Where the training loss fell by as much since half of them, and the other one is at its lowest or near it, the end was not reached.
    private const double FallOfFew = 0.02;

    // Of all that it fell, what the training loss must have where the model knows little yet.
    private const double LateShareOfLittle = 0.1;

    private readonly LossCurves _losses;

    public LateProgress(TrainingHistory history, LossCurves losses)
    {
        _losses = losses;
        var way = WayOf([.. history.Select(e => (double)e.LearningRate)]);
        IsInBalance = DecayOf(history) * history.Average(e => (double)e.LearningRate) * history.Count * history.StepsPerEpoch > Math.Log(2);
        From = Math.Clamp(Array.FindIndex(way, sum => sum >= WayBefore * way[^1]), 0, Math.Max(0, way.Length - 2));
    }

    /// <summary>The epoch, from 0, after which the last quarter begins.</summary>
    public int From { get; }

    /// <summary>
    /// Whether weight decay by itself would have halved the weights by now: then steps and decay are about in balance, and what the model still lacks, a smaller decay rather than more epochs would bring.
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
        var (late, all) = (training[From] - training.Last, training.First - training.Last);
        var fallen = judged[From] - judged.Last;
        if (learned < TrainingAssessment.LearnedLittle && !hasGap && fallen > 0 && training.IsClear(late) && late > LateShareOfLittle * all)
            return true;
        var least = (hasGap || IsInBalance ? Several : 1) * _losses.Worth;
        if (judged.Count < FewEpochs && !hasGap && IsAtItsLowest(judged) && training[judged.Count / 2 - 1] - training.Last > FallOfFew * least)
            return true;
        return judged.IsClear(fallen) && fallen > Fall * least && late > 0;
    }

    private bool IsAtItsLowest(SmoothedCurve curve) => curve.Last - curve[curve.Best] < Fall * _losses.Worth;

    /// <summary>What a step takes away of a weight, for each unit of the rate; 0 with optimizers that divide it by the size of the gradients, and are known by their names alone.</summary>
    private static double DecayOf(TrainingHistory history) =>
        history.Settings.Optimizer is var name && (name.StartsWith("AdamW", StringComparison.Ordinal) || name.StartsWith("SGD", StringComparison.Ordinal)) ? history.Settings.WeightDecay : 0;

    /// <summary>How far the steps have gone after each epoch; the number of epochs where the rates tell nothing.</summary>
    private static double[] WayOf(double[] rates)
    {
        var way = new double[rates.Length];
        for (var epoch = 0; epoch < way.Length; epoch++)
            way[epoch] = epoch == 0 ? rates[0] : way[epoch - 1] + (rates[epoch - 1] + rates[epoch]) / 2;
        return double.IsFinite(way[^1]) && way[^1] > 0 ? way : [.. Enumerable.Range(1, rates.Length).Select(epoch => (double)epoch)];
    }
}
