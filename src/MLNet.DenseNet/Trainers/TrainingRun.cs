using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>One training: its rows, the network made for them, and how it is trained.</summary>
/// <param name="Rows">The rows to learn from and those to measure with.</param>
/// <param name="Network">The network.</param>
/// <param name="Layout">How the feature column gives what the network takes.</param>
/// <param name="Meanings">What the columns stand for.</param>
/// <param name="Options">The options, with what was left open filled in.</param>
/// <param name="Scaling">What brings targets to mean 0 and variance 1 while training; null where they are learned as they are.</param>
/// <param name="Earlier">The training that the network comes from; null where it begins anew.</param>
internal sealed record TrainingRun(TrainingRows Rows, Network Network, FeatureLayout Layout, ColumnMeanings Meanings, DenseNeuralNetOptions Options, TargetScaling? Scaling, TrainingHistory? Earlier)
{
    /// <summary>Trains. The network predicts in the targets' own units afterwards.</summary>
    public TrainingHistory Train()
    {
        var trainer = CreateTrainer(Network);
        return Rows.Folds is null ? trainer.Train(Rows.Training, Rows.Validation) : trainer.Train((RowSubset)Rows.Training, Rows.Folds);
    }

    /// <summary>Measures how far the trained network's predictions are from the labels of rows that were held out.</summary>
    /// <param name="history">How the training went.</param>
    /// <returns>Null where none were, or, going on from a model, where it may have learned them.</returns>
    public HeldOutErrors? MeasureErrors(TrainingHistory history) =>
        (Rows.Folds?.All ?? Rows.Validation) is { } rows && !history.MayHaveLearnedValidationRows ? HeldOutErrors.Of(Network, rows, Rows.Folds, Options.Loss?.DeviationPower ?? 0) : null;

    /// <summary>Measures the errors of a network that learned to put out its own features: on rows that were held out, or, where none were, on those that it learned.</summary>
    public HeldOutErrors? MeasureReconstruction() => HeldOutErrors.OfReconstruction(Network, Rows.Validation ?? Rows.Training);

    public LearningRateCurve FindLearningRate(float lowest, float highest, int steps) =>
        LearningRateFinder.Find(CreateTrainer(Network.Copy()), Rows.Training, lowest, highest, steps);

    private NetworkTrainer CreateTrainer(Network network) => new(network, Options) { TargetScaling = Scaling, Earlier = Earlier };
}
