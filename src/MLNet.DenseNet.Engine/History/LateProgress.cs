namespace MLNet.DenseNet.Engine;

/// <summary>
/// What the end of a training still brought: the epochs of the last quarter of the way, as the steps' learning rates add up. Where the rate falls to 0, the last epochs are flat whether or not there was
/// more to learn, so that epochs are no measure.
/// </summary>
internal sealed class LateProgress
{
    private const double WayBefore = 0.75;

    // Of its value, what the validation loss must have fallen, and where the model is far better on its training rows, which is the surer sign.
    private const double Fall = 0.02;
    private const double FallDespiteGap = 0.1;

    // Of all that it fell, what the training loss must have; and where the model knows little yet, what is enough by itself.
    private const double LateShare = 0.05;
    private const double LateShareOfLittle = 0.1;

    // Who has learned as much has learned enough, the less surely where no validation rows tell.
    private const double LearnedMost = 0.95;
    private const double LearnedMostOfTraining = 0.9;

    private readonly TrainingHistory _history;
    private readonly SmoothedCurve _training;
    private readonly SmoothedCurve? _validation;

    public LateProgress(TrainingHistory history, SmoothedCurve training, SmoothedCurve? validation)
    {
        (_history, _training, _validation) = (history, training, validation);
        var way = new double[history.Count];
        for (var epoch = 0; epoch < way.Length; epoch++)
            way[epoch] = epoch == 0 ? history[0].LearningRate : way[epoch - 1] + ((double)history[epoch - 1].LearningRate + history[epoch].LearningRate) / 2;
        From = Math.Min(Array.FindIndex(way, sum => sum >= WayBefore * way[^1]), history.Count - 2);
    }

    /// <summary>The epoch, from 0, after which the last quarter begins.</summary>
    public int From { get; }

    /// <summary>Whether more epochs promise more.</summary>
    /// <param name="learned">The share of what there is to learn, where it is known.</param>
    /// <param name="hasGap">Whether the model does far better on its training rows.</param>
    public bool IsUnfinished(double? learned, bool hasGap)
    {
        if (_history.End == TrainingEnd.EarlyStopped || learned >= (_validation is null ? LearnedMostOfTraining : LearnedMost))
            return false;
        var (late, all) = (_training[From] - _training.Last, _training.Value(0) - _training.Last);
        if (learned < TrainingAssessment.LearnedLittle && !hasGap && _training.IsClear(late) && late > LateShareOfLittle * all)
            return true;
        var curve = _validation ?? _training;
        var fallen = curve[From] - curve.Last;
        return curve.IsClear(fallen) && fallen > (hasGap ? FallDespiteGap : Fall) * Math.Abs(curve[From]) && late > LateShare * all;
    }
}
