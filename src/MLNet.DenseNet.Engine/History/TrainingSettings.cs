using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What a training was run with: the options in force, defaults filled in.</summary>
/// <param name="Loss">What was minimized, in words.</param>
/// <param name="Optimizer">The optimizer, in words.</param>
/// <param name="LearningRate">The rate that the schedule's factors multiply.</param>
/// <param name="LearningRateSchedule">How the rate changed, in words.</param>
/// <param name="WeightDecay">The strength of weight decay; of one that adapts (<see cref="TrainingOptions.AdaptWeightDecay"/>), in the last epoch.</param>
/// <param name="BatchSize">The rows of a mini-batch.</param>
/// <param name="NumberOfEpochs">The epochs planned.</param>
/// <param name="Shuffle">Whether rows came in a new order each epoch.</param>
/// <param name="Seed">What determined all random numbers.</param>
/// <param name="TrainingRows">The rows learned from.</param>
/// <param name="ValidationRows">The rows measured with; 0 for none.</param>
/// <param name="GradientNormLimit">The largest norm that the gradient kept; null for no limit.</param>
/// <param name="GradientValueLimit">The largest magnitude that each value of the gradient kept; null for no limit.</param>
/// <param name="Augmentation">How rows were varied at random, in words; null for not at all.</param>
/// <param name="ClassWeights">How much the rows of each class counted, in words; null for all the same.</param>
/// <param name="EarlyStopping">When training was to end before its last epoch, in words; null for never.</param>
public sealed record TrainingSettings(
    string Loss,
    string Optimizer,
    float LearningRate,
    string LearningRateSchedule,
    float WeightDecay,
    int BatchSize,
    int NumberOfEpochs,
    bool Shuffle,
    int Seed,
    int TrainingRows,
    int ValidationRows,
    float? GradientNormLimit = null,
    float? GradientValueLimit = null,
    string? Augmentation = null,
    string? ClassWeights = null,
    string? EarlyStopping = null)
{
    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);
}
