using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>One training: its rows, the network made for them, and how it is trained.</summary>
/// <param name="Training">The rows to learn from.</param>
/// <param name="Validation">Rows to measure with after each epoch; null for none.</param>
/// <param name="Folds">Which rows to learn from each member of an ensemble leaves out, to be measured on; null where none does.</param>
/// <param name="Network">The network.</param>
/// <param name="Options">The options, with what was left open filled in.</param>
/// <param name="Scaling">What brings targets to mean 0 and variance 1 while training; null where they are learned as they are.</param>
/// <param name="Earlier">The training that the network comes from; null where it begins anew.</param>
internal sealed record TrainingRun(
    RowSource Training, RowSource? Validation, HeldOutFolds? Folds, Network Network, DenseNeuralNetOptions Options, TargetScaling? Scaling, TrainingHistory? Earlier)
{
    /// <summary>Trains; the network predicts in the targets' own units afterwards.</summary>
    public TrainingHistory Train()
    {
        var trainer = CreateTrainer(Network);
        return Folds is null ? trainer.Train(Training, Validation) : trainer.Train((RowSubset)Training, Folds);
    }

    public LearningRateCurve FindLearningRate(float lowest, float highest, int steps) =>
        LearningRateFinder.Find(CreateTrainer(Network.Copy()), Training, lowest, highest, steps);

    private NetworkTrainer CreateTrainer(Network network) => new(network, Options) { TargetScaling = Scaling, Earlier = Earlier };
}
