using Microsoft.ML.Runtime;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>Refuses rows that cannot be learned from once they are known, and warns of what hardly can.</summary>
/// <param name="host">Makes the exceptions.</param>
/// <param name="channel">The log.</param>
/// <param name="options">Those of the training.</param>
/// <param name="task">What the label asks of the network.</param>
/// <param name="goesOn">Whether a model goes on learning, which has met other rows before.</param>
internal sealed class LoadedRowChecks(IHost host, IChannel channel, DenseNeuralNetOptions options, NetworkTask task, bool goesOn)
{
    /// <param name="rows">The rows.</param>
    /// <param name="training">The columns that those to learn from were read from.</param>
    /// <param name="validation">The same of those to measure with; null where these were among them.</param>
    public void Check(TrainingRows rows, RowColumns training, RowColumns? validation)
    {
        CheckClasses(rows.Training, training);
        CheckGroups(rows.Training, training);
        CheckTargets(rows.Training, training);
        WarnOfFarTarget(rows.Training, training);
        WarnOfLeakage(rows.Training, training);
        if (rows.Validation is not null)
            CheckTargets(rows.Validation, validation ?? training);
        if (task.LearnsFeatures && rows is not { Training: RowSubset, Validation: null or RowSubset })
            throw host.Except($"Anomaly detection learns from rows in memory; these do not fit there. Take fewer of them, or say {nameof(DataCaching)}.{nameof(DataCaching.Memory)} if they do after all.");
    }

    /// <summary>A model that goes on learning may meet rows of one class: it has met the others before.</summary>
    private void CheckClasses(RowSource rows, RowColumns columns)
    {
        if (rows.Targets.DistinctClasses == 1 && !goesOn)
            throw host.Except($"All {rows.Count} usable rows have the same class in the label column '{columns.Label.Name}'; a classification needs rows of at least two, and so does each class in OneVersusAll and PairwiseCoupling.");
    }

    /// <summary>A model that goes on learning may meet such groups, as it may meet rows of one class.</summary>
    private void CheckGroups(RowSource rows, RowColumns columns)
    {
        if (rows.LargestGroup == 1 && !goesOn && options.Loss is { NeedsGroups: true })
            throw host.Except($"None of the {rows.Count} usable rows shares its group in the column '{columns.Group!.Value.Name}' with another; a ranking learns the order of the rows of a group.");
    }

    /// <summary>The engine checks targets too, and knows no column.</summary>
    private void CheckTargets(RowSource rows, RowColumns columns)
    {
        if (!task.LearnsFeatures && options.Loss is { } loss && rows.WrongTarget(loss) is { } wrong)
            throw new ArgumentException($"{wrong} The label column is '{columns.Label.Name}'.");
    }

    /// <summary>Squared errors weigh one label that is far from all others more than these, and what is standardized by it makes these the same.</summary>
    private void WarnOfFarTarget(RowSource rows, RowColumns columns)
    {
        const double MostOfVariation = 0.5;
        const int FewestRows = 20;
        if (!task.HasFreeTargets(options.Loss) || options.Loss is not MeanSquaredError || rows.TargetCount != 1 || rows.Count < FewestRows)
            return;
        var (targets, mean) = (rows.Targets, rows.Targets.Means[0]);
        // Of rows with weights, the farthest one need not be the one that weighs most.
        if (targets.Total(classFactors: null).Weight != rows.Count)
            return;
        var (target, row) = targets.Highest - mean > mean - targets.Lowest ? (targets.Highest, targets.RowOfHighest) : (targets.Lowest, targets.RowOfLowest);
        var share = (target - mean) * (target - mean) / targets.Variations[0];
        if (share > MostOfVariation)
            channel.Warning(FormattableString.Invariant($"Row {rows.NumberInData(row)}, of the usable ones counted from 0, has the label {target:G4} in the column '{columns.Label.Name}', and is {share:P0} of the variance of all {rows.Count} by itself: little is learned of the others. If it is an error, leave it out; {nameof(HuberLoss)} and {nameof(QuantileLoss)} are not ruled by single labels, logarithms bring large ones near."));
    }

    /// <summary>Such as the label itself, where all columns of a table were made features.</summary>
    private void WarnOfLeakage(RowSource rows, RowColumns columns)
    {
        if (!task.LearnsFeatures && !goesOn && columns.Planes == 1 && rows is RowSubset inMemory && TargetLeakage.FirstColumn(inMemory) is { } column)
            channel.Warning($"The feature {SlotNames.Describe(columns.Feature, column)} of the column '{columns.Feature.Name}' tells the label '{columns.Label.Name}' of every row by itself: it may be the label, or made of it. Leave it out, unless it is known of rows whose label is not.");
    }
}
