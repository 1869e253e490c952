using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine;

/// <summary>The learning rate of each step of one training.</summary>
/// <param name="schedule">How it changes.</param>
/// <param name="rate">What the schedule's factors multiply.</param>
/// <param name="stepsPerEpoch">The steps of each epoch.</param>
/// <param name="epochs">The epochs planned.</param>
internal sealed class ScheduledRate(LearningRateSchedule schedule, float rate, long stepsPerEpoch, int epochs)
{
    private readonly float _rate = rate;
    private readonly List<double> _losses = [];
    private int _reductions;

    /// <summary>The steps of each epoch.</summary>
    public long StepsPerEpoch => stepsPerEpoch;

    /// <summary>The epochs planned.</summary>
    public int Epochs => epochs;

    /// <summary>The rate of the latest step.</summary>
    public float Latest { get; private set; } = rate;

    /// <summary>The rate of a step, counted from 0.</summary>
    public float At(long step) =>
        Latest = (float)(_rate * schedule.Factor(new ScheduleStep(step, stepsPerEpoch, stepsPerEpoch * epochs, _reductions)));

    /// <summary>Takes in an epoch's monitored loss, by which a schedule may reduce the rate.</summary>
    public void EndEpoch(EpochSummary summary)
    {
        _losses.Add(summary.MonitoredLoss);
        _reductions = schedule.CountReductions(CollectionsMarshal.AsSpan(_losses));
    }
}
