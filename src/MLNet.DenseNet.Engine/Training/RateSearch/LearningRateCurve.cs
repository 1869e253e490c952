namespace MLNet.DenseNet;

/// <summary>How the loss depends on the learning rate.</summary>
public sealed class LearningRateCurve
{
    internal LearningRateCurve(IReadOnlyList<LearningRatePoint> points) => Points = points;

    /// <summary>The steps. Each rate is higher than the one before by the same factor.</summary>
    public IReadOnlyList<LearningRatePoint> Points { get; }

    /// <summary>The rate at which the loss falls most; null where it never falls. It is a start to try from, not the best rate.</summary>
    /// <remarks>
    /// The loss is the one that training minimizes: where a regression standardizes its targets, that of the standardized ones. At each rate, the mean over the next tenth of the steps is compared
    /// with that over as many steps before. Rates beyond the lowest mean do not count, since the loss jumps there.
    /// </remarks>
    public float? Suggestion
    {
        get
        {
            var window = Math.Max(1, Points.Count / 10);
            var means = Enumerable.Range(0, Math.Max(0, Points.Count - window + 1)).Select(first => Points.Skip(first).Take(window).Average(p => p.Objective ?? p.Loss)).ToArray();
            var lowest = Array.IndexOf(means, means.DefaultIfEmpty().Min());
            var (steepest, suggestion) = (0.0, (float?)null);
            for (var i = window; i <= lowest; i++)
            {
                if (means[i] - means[i - window] < steepest)
                    (steepest, suggestion) = (means[i] - means[i - window], Points[i].LearningRate);
            }

            return suggestion;
        }
    }

    /// <summary>A table for a person: rate and loss of some twenty steps, evenly spread, and the suggestion.</summary>
    public override string ToString()
    {
        var stride = Math.Max(1, (int)Math.Ceiling(Points.Count / 20.0));
        var lines = Points.Where((_, index) => index % stride == 0).Select(p => FormattableString.Invariant($"{p.LearningRate,12:G3}  {p.Loss,12:G4}  {p.SmoothedLoss,12:G4}"));
        var suggestion = Suggestion is { } rate ? FormattableString.Invariant($"The loss falls most at a learning rate of {rate:G3}.") : "The loss never falls.";
        return string.Join('\n', [FormattableString.Invariant($"{"rate",12}  {"loss",12}  {"smoothed",12}"), .. lines, suggestion]);
    }
}
