using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Looks for a learning rate: trains a copy of a network for some steps, each at a higher rate than the one before, and watches the loss.
/// </summary>
/// <remarks>
/// Smith, "Cyclical learning rates for training neural networks" (2017), section 3.3, with the smoothing of fastai's finder. Where fastai suggests a rate, and ends, by single steps, which are
/// mostly noise with small batches, this goes by many.
/// </remarks>
public static class LearningRateFinder
{
    // As in fastai: what stays of the running mean at each step.
    private const double Smoothing = 0.98;

    /// <summary>Finds how the loss depends on the rate.</summary>
    /// <param name="network">Where to begin; it does not change.</param>
    /// <param name="data">The rows to learn from, in batches as in training, over as many epochs as the steps need.</param>
    /// <param name="options">How to train: loss, optimizer, batch size, seed and so on. The learning rate, its schedule and whatever depends on epochs are ignored.</param>
    /// <param name="lowest">The first rate, above 0.</param>
    /// <param name="highest">The last rate, above the first and at most 10^9 times as high.</param>
    /// <param name="steps">How many steps, at least 2.</param>
    /// <returns>The loss at each rate, up to where it became much larger than the best, and a suggestion.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range.</exception>
    /// <exception cref="ArgumentException">The rows do not fit the network, or their targets the loss.</exception>
    /// <exception cref="OperationCanceledException">The token in the options was cancelled.</exception>
    public static LearningRateCurve Find(Network network, Dataset data, TrainingOptions options, float lowest = 1e-6f, float highest = 10, int steps = 200)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        return Find(new NetworkTrainer(network.Copy(), options), RowSubset.All(data), lowest, highest, steps);
    }

    /// <summary>The same with a trainer whose network may be changed.</summary>
    internal static LearningRateCurve Find(NetworkTrainer trainer, RowSource data, float lowest, float highest, int steps)
    {
        if (lowest is not (> 0 and < float.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(lowest), FormattableString.Invariant($"The lowest rate must be finite and above 0; {lowest} was given."));
        if (!(highest > lowest && highest / lowest <= 1e9f))
            throw new ArgumentOutOfRangeException(nameof(highest), FormattableString.Invariant($"The highest rate must be above the lowest and at most 10^9 times as high; {highest} was given."));
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);

        var points = new List<LearningRatePoint>();
        var range = ElementaryFunctions.Log(new Scalar(highest / lowest)).Value;
        var end = new RisingLoss(steps);
        var mean = 0.0;
        var step = 0;
        foreach (var sums in trainer.TrainSteps(data, steps, Rate))
        {
            var rate = Rate(step++);
            // Rows that weigh nothing tell nothing.
            if (sums.Weight == 0)
                continue;
            if (!double.IsFinite(sums.MeanObjective) || end.Add(sums.MeanObjective))
                break;
            mean = Smoothing * mean + (1 - Smoothing) * sums.MeanLoss;
            points.Add(new LearningRatePoint(rate, sums.MeanLoss, mean / (1 - WholePower.Of(Smoothing, points.Count + 1))) { Objective = sums.MeanObjective });
        }

        return new LearningRateCurve(points);

        float Rate(int step) => lowest * ElementaryFunctions.Exp(new Scalar(range * step / (steps - 1))).Value;
    }
}
