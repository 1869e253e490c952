namespace MLNet.DenseNet.Engine;

/// <summary>Rows to learn from or to measure with, epoch by epoch: in memory, or read anew in each epoch.</summary>
internal abstract class RowSource
{
    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>The number of features a row.</summary>
    public abstract int Inputs { get; }

    /// <summary>The number of classes, or 0 where the targets are numbers.</summary>
    public abstract int ClassCount { get; }

    /// <summary>Numbers a row; 0 where the targets are classes.</summary>
    public abstract int TargetCount { get; }

    public bool IsClassification => ClassCount > 0;

    /// <summary>Whether only features that are not 0 are stored.</summary>
    public abstract bool IsSparse { get; }

    /// <summary>Whether features are missing: not-a-number.</summary>
    public abstract bool HasMissing { get; }

    /// <summary>The columns of which a feature is missing.</summary>
    public IReadOnlyList<int> MissingColumns => HasMissing ? Features.ColumnsWithMissing : [];

    /// <summary>Whether rows are in groups.</summary>
    public bool HasGroups => LargestGroup > 0;

    /// <summary>The most rows that belong together; 0 where rows are in no groups.</summary>
    public virtual int LargestGroup => 0;

    /// <summary>Of all targets.</summary>
    public abstract TargetStatistics Targets { get; }

    /// <summary>Of all features.</summary>
    public abstract FeatureStatistics Features { get; }

    /// <summary>The rows' mini-batches, epoch by epoch; to be disposed of by the caller.</summary>
    public abstract BatchSource OpenBatches(BatchLayout layout);

    /// <summary>A text that tells these rows from all others.</summary>
    public abstract string Fingerprint();

    /// <summary>Whether rows are classified right or wrong: they have classes, or several labels of 0 and 1, each of which the loss learns by itself.</summary>
    public bool HasAccuracy(Loss loss) => IsClassification || (loss.TakesEachOutputForALabel && Targets.AreLabels);

    /// <summary>The number, from 0, that a row has among all usable rows of its data, those that are held out included.</summary>
    /// <param name="row">As <see cref="Targets"/> counts it.</param>
    public virtual int NumberInData(int row) => row;

    /// <summary>Why a column may miss no feature.</summary>
    public static string MissingText(int column) =>
        FormattableString.Invariant($"Feature {column} is missing (not-a-number) in some rows, which only a network takes that begins with a {nameof(MissingValueLayer)} for it.");

    /// <summary>Checks that the rows fit a network, and their targets a loss. Classes are targets of 0 and 1.</summary>
    /// <exception cref="ArgumentException">They have other features or outputs than the network, or a target is outside the loss's range.</exception>
    public void Check(Network network, Loss loss, string name)
    {
        if (Inputs != network.InputShape.Size)
            throw new ArgumentException($"The rows have {Inputs} features; the network takes {network.InputShape.Size}.", name);

        if (MissingColumns.Except(network.MissingColumns).ToArray() is [var column, ..])
            throw new ArgumentException(MissingText(column), name);

        var outputs = network.OutputShape.Size;
        if (IsClassification ? ClassCount != outputs && (ClassCount, outputs) != (2, 1) : TargetCount != outputs)
            throw new ArgumentException($"The rows have {(IsClassification ? $"{ClassCount} classes" : $"{TargetCount} targets")}; the network has {outputs} outputs.", name);

        if (loss.NeedsGroups && !HasGroups)
            throw new ArgumentException($"The rows are in no groups, and the loss {loss} compares the rows of a group: say by {nameof(Dataset)}.{nameof(Dataset.WithGroups)} which belong together.", name);

        if (WrongTarget(loss) is { } wrong)
            throw new ArgumentException(wrong, name);
    }

    /// <summary>Which target is outside the range of a loss, in a sentence; null where none is.</summary>
    public string? WrongTarget(Loss loss)
    {
        if (loss.TargetRange is not { } range)
            return null;
        if (IsClassification)
            return range.Includes(0) ? null : $"The rows have classes, targets of 0 and 1; the loss {loss} needs targets {range}.";
        if (range.Includes(Targets.Lowest) && range.Includes(Targets.Highest))
            return null;
        var (target, row) = range.Includes(Targets.Lowest) ? (Targets.Highest, Targets.RowOfHighest) : (Targets.Lowest, Targets.RowOfLowest);
        return FormattableString.Invariant($"Row {NumberInData(row)}, of the usable ones counted from 0, has the target {target}; the loss {loss} needs targets {range}.");
    }
}
