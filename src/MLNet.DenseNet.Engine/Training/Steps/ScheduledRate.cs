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
    private (long Steps, long From, float Rate)? _annealing;

    /// <summary>The steps of each epoch.</summary>
    public long StepsPerEpoch => stepsPerEpoch;

    /// <summary>The epochs planned.</summary>
    public int Epochs => epochs;

    /// <summary>The rate of the latest step.</summary>
    public float Latest { get; private set; } = rate;

    /// <summary>The rate of a step, counted from 0.</summary>
    public float At(long step) => Latest = _annealing is { } annealing
        ? (float)(annealing.Rate * (1 - (double)(step - annealing.From) / annealing.Steps))
        : (float)(_rate * schedule.Factor(new ScheduleStep(step, stepsPerEpoch, stepsPerEpoch * epochs, _reductions)));

    /// <summary>Leaves the schedule: from the end of an epoch on, the rate falls to 0.</summary>
    /// <param name="after">The epoch, from 1.</param>
    /// <param name="last">The last epoch, at whose end the rate is 0.</param>
    /// <param name="rate">The rate from which it falls.</param>
    public void Anneal(int after, int last, float rate) => _annealing = ((last - after) * stepsPerEpoch, after * stepsPerEpoch, rate);

    /// <summary>Takes in an epoch's monitored loss, by which a schedule may reduce the rate.</summary>
    public void EndEpoch(EpochSummary summary)
    {
        _losses.Add(summary.MonitoredLoss);
        _reductions = schedule.CountReductions(CollectionsMarshal.AsSpan(_losses));
    }
}
