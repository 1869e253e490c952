using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>How much the rows of each class count while training, for classes of different sizes: a factor of each row's weight. Losses and metrics of validation rows leave it out, except for <see cref="EpochSummary.ValidationObjective"/>, by which epochs are compared, and <see cref="EpochSummary.ValidationClassWeightedAccuracy"/>.</summary>
public sealed class ClassWeights
{
    private readonly float[]? _given;

    private ClassWeights(float[]? given) => _given = given;

    /// <summary>All classes count the same in total, however many rows they have: rows / (classes * rows of the class), as in scikit-learn.</summary>
    /// <remarks>
    /// A batch's gradient is divided by its rows times the mean weight of all training rows, so that a weight of 2 counts like the same row twice, in any batch. What is learned on average does not depend
    /// on <see cref="TrainingOptions.BatchSize"/>. Where few batches hold the rarest class, a few steps are much larger than the others. Larger batches or a lower rate even them out.
    /// </remarks>
    public static ClassWeights Balanced { get; } = new(null);

    /// <summary>One weight for each class.</summary>
    /// <param name="weights">In order of the classes (of the keys in ML.NET; false, then true), each finite and at least 0, not all 0.</param>
    /// <returns>The weights.</returns>
    /// <exception cref="ArgumentException">There is no weight, or one outside its range.</exception>
    public static ClassWeights Given(params IReadOnlyList<float> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (!weights.Any(w => w > 0) || !weights.All(w => w is >= 0 and < float.PositiveInfinity))
            throw new ArgumentException($"The class weights are {FloatText.Of([.. weights])}; each must be finite and at least 0, and one above 0.", nameof(weights));
        return new ClassWeights([.. weights]);
    }

    /// <summary>"balanced", or the weights.</summary>
    public override string ToString() => _given is null ? "balanced" : FloatText.Of(_given);

    /// <summary>What each row's weight is multiplied by, for each class.</summary>
    /// <param name="targets">Of the rows learned from.</param>
    /// <exception cref="ArgumentException">The rows have no classes, or not as many as there are weights; or no class with rows has a weight above 0.</exception>
    internal float[] Factors(TargetStatistics targets)
    {
        var sizes = targets.ClassSizes;
        TrainingOptions.Check(sizes.Length > 0, nameof(TrainingOptions.ClassWeights), this, "be null where targets are numbers");
        TrainingOptions.Check(_given is null || _given.Length == sizes.Length, nameof(TrainingOptions.ClassWeights), this, $"be as many as there are classes, {sizes.Length}");
        var factors = _given ?? Balance(sizes);
        TrainingOptions.Check(factors.Zip(sizes.ToArray()).Any(c => c.First > 0 && c.Second > 0), nameof(TrainingOptions.ClassWeights), this, "be above 0 for a class that has rows");
        return factors;
    }

    private static float[] Balance(ReadOnlySpan<int> sizes)
    {
        var (rows, present) = (0, 0);
        foreach (var size in sizes)
            (rows, present) = (rows + size, present + (size > 0 ? 1 : 0));
        return Array.ConvertAll(sizes.ToArray(), size => size == 0 ? 0 : (float)(rows / ((double)present * size)));
    }
}
