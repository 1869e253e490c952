namespace MLNet.DenseNet.Engine;

/// <summary>What is trained, and how: all that stays the same while a trainer is used.</summary>
/// <param name="Network">The network to train.</param>
/// <param name="Options">How to train it.</param>
/// <param name="Loss">The loss in force.</param>
/// <param name="Seed">The seed in force.</param>
internal sealed record TrainingPlan(Network Network, TrainingOptions Options, Loss Loss, int Seed)
{
    /// <summary>Determines which rows are held out.</summary>
    public int HoldOutSeed => Options.HoldOutSeed ?? Seed;

    /// <summary>The options in words and numbers, for the history.</summary>
    /// <param name="trainingRows">How many rows are learned from.</param>
    /// <param name="validationRows">How many are measured with.</param>
    public TrainingSettings ToSettings(int trainingRows, int validationRows) => new(
        $"{Loss}", Options.AverageWeights == true ? $"{Options.EffectiveOptimizer}, weights averaged" : $"{Options.EffectiveOptimizer}", Options.EffectiveLearningRate, $"{Options.EffectiveSchedule}", Options.EffectiveWeightDecay,
        Options.EffectiveBatchSize, Options.EffectiveNumberOfEpochs, Options.Shuffle, Seed, trainingRows, validationRows,
        Options.GradientNormLimit, Options.GradientValueLimit, Options.Augmentation?.ToString(), Options.ClassWeights?.ToString(), Options.EarlyStopping?.ToString());
}
