namespace MLNet.DenseNet.Engine;

/// <summary>The most likely cause of a diverged training, with a remedy for that cause, since a lower learning rate helps only where the rate is too high.</summary>
/// <param name="options">How it was trained.</param>
/// <param name="loss">The loss in force.</param>
/// <param name="rows">The rows learned from.</param>
/// <param name="standardizesFeatures">Whether features are standardized on their way in.</param>
/// <param name="standardizesTargets">Whether targets are standardized.</param>
/// <param name="classFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
internal sealed class DivergenceCause(TrainingOptions options, Loss loss, RowSource rows, bool standardizesFeatures, bool standardizesTargets, float[]? classFactors)
{
    // Each limit is far above what is seen in trainings that go well, and below what makes one diverge at once.
    private const double LargeFeature = 100;
    private const double LargeTarget = 1000;
    private const double LargeSpread = 1000;
    private const double LargeRate = 10;
    private const double LargeOutputWeight = 1000;

    /// <summary>The largest weight of the output layer as training began, where targets are standardized and the network comes from another training; else 0.</summary>
    public double LearnedOutputWeight { get; init; }

    /// <summary>Cause and remedy, in one sentence or two.</summary>
    public override string ToString() => OfModel() ?? OfDecay() ?? OfWeights() ?? OfFeatures() ?? OfTargets() ?? OfLoss() ?? OfRate();

    private float Rate => options.EffectiveLearningRate;

    private float DefaultRate => options.EffectiveOptimizer.DefaultLearningRate;

    private bool IsRateLarge => Rate > LargeRate * DefaultRate;

    private string OrLimit => options.GradientNormLimit is null ? $", or set the option {nameof(options.GradientNormLimit)}" : "";

    private string? OfModel() => LearnedOutputWeight < LargeOutputWeight ? null : FormattableString.Invariant(
        $"The model to go on from predicts numbers that differ about {LearnedOutputWeight:G1} times as much as these targets do: give the targets the unit that it was trained in, or begin anew.");

    private string? OfDecay()
    {
        var (decay, interval) = (options.EffectiveWeightDecay, options.EffectiveOptimizer is Muon muon ? muon.Interval : 1);
        var product = (double)decay * Rate * interval;
        // All other optimizers divide the penalty's gradient by its own magnitude, so that a large decay does not make them diverge.
        if (product < 1 || options.EffectiveOptimizer is not (AdamW or Muon or StochasticGradientDescent))
            return null;
        return FormattableString.Invariant($"The weight decay of {decay} times the learning rate of {Rate}{(interval == 1 ? "" : FormattableString.Invariant($" and the interval of {interval}"))} is {product:G3}, and from 1 on a step takes more than the whole weight away: ")
            + (IsRateLarge ? FormattableString.Invariant($"try a learning rate near {DefaultRate}.") : FormattableString.Invariant($"try a weight decay below {0.1 / Rate / interval:G2}."));
    }

    private string? OfWeights()
    {
        var (weight, count) = rows.Targets.Total(classFactors);
        var spread = rows.Targets.LargestWeight(classFactors) / (weight / count);
        return spread < LargeSpread ? null : FormattableString.Invariant(
            $"The heaviest row weighs {spread:G3} times the mean weight, and its steps are as much larger: try weights that differ less, larger batches{OrLimit}.");
    }

    private string? OfFeatures()
    {
        if (standardizesFeatures)
            return null;
        var features = rows.Features;
        var largest = Enumerable.Range(0, features.Columns).Max(column => Math.Sqrt(features.Variance(column) + features.Mean(column) * features.Mean(column)));
        return largest < LargeFeature ? null : FormattableString.Invariant($"The features are not standardized, and the root mean square of one is {largest:G3}: ")
            + $"let a pipeline's option NormalizeFeatures be On, or the network begin with a {nameof(StandardizationLayer)}, or scale the features to about mean 0 and variance 1.";
    }

    private string? OfTargets()
    {
        if (standardizesTargets || rows.IsClassification)
            return null;
        var largest = Math.Max(Math.Abs((double)rows.Targets.Lowest), Math.Abs((double)rows.Targets.Highest));
        // Behind a logarithm they are not far from each other, and must not become negative.
        return largest < LargeTarget || loss.Link == Activation.Exponential ? null : FormattableString.Invariant($"The targets are learned as they are, and one is {largest:G3} large: ")
            + "scale the targets to about mean 0 and variance 1, as a regression in a pipeline does by itself where its output activation is identity.";
    }

    private string? OfLoss() => loss is not CustomLoss || IsRateLarge ? null
        : $"The loss {loss} is a class of your own: see whether the gradient that it fills is the derivative of what it returns, and does not grow without limit{OrLimit}.";

    private string OfRate() => IsRateLarge
        ? FormattableString.Invariant($"The learning rate of {Rate} is high: try one near {DefaultRate}, the default of {options.EffectiveOptimizer.GetType().Name}{OrLimit}.")
        : FormattableString.Invariant($"Try a learning rate below {Rate / 10:G2}{OrLimit}.");
}
