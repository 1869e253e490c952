using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Some rows of a data set, named by their numbers: taking a subset copies nothing.</summary>
/// <param name="data">The data set.</param>
/// <param name="rows">Which rows, in order.</param>
internal sealed class RowSubset(Dataset data, int[] rows) : RowSource
{
    private TargetStatistics? _targets;
    private FeatureStatistics? _features;

    public Dataset Data { get; } = data;

    public ReadOnlySpan<int> Rows => rows;

    public override int Count => rows.Length;

    public override int Inputs => Data.Inputs;

    public override int ClassCount => Data.ClassCount;

    public override int TargetCount => Data.TargetCount;

    public override bool IsSparse => Data.Sparse is not null;

    public override bool HasMissing => Data.HasMissing;

    public override int LargestGroup => Data.Groups?.Largest ?? 0;

    public override TargetStatistics Targets
    {
        get
        {
            if (_targets is null)
            {
                _targets = new TargetStatistics(ClassCount, TargetCount);
                _targets.Add(this);
            }

            return _targets;
        }
    }

    public override FeatureStatistics Features
    {
        get
        {
            if (_features is null)
            {
                _features = new FeatureStatistics(Inputs, IsSparse);
                _features.Add(this);
            }

            return _features;
        }
    }

    private IReadOnlyList<int>? NumbersInData { get; init; }

    public override int NumberInData(int row) => NumbersInData?[row] ?? row;

    /// <param name="data">The data set, all of whose rows are taken.</param>
    /// <param name="numbersInData">(rows): the number of each, from 0, among all usable rows of the data that it was taken from; null where it is the same one.</param>
    public static RowSubset All(Dataset data, IReadOnlyList<int>? numbersInData = null) => new(data, [.. Enumerable.Range(0, data.Rows)]) { NumbersInData = numbersInData };

    /// <summary>Splits rows off at random, as <see cref="RowDealing"/> takes them: of each class the same share, to a row, and at least one of each class stays. In both subsets, rows keep their order.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="fraction">Which share to split off, in (0, 1); rounded to whole rows.</param>
    /// <param name="seed">Determines which ones.</param>
    /// <returns>None is split off where the share is half a row or less, or where each row is a class of its own.</returns>
    public static (RowSubset Kept, RowSubset SplitOff) Split(Dataset data, float fraction, int seed)
    {
        var isSplitOff = RowDealing.Take(data, fraction, seed);
        return (Where(false), Where(true));

        RowSubset Where(bool isWanted) => new(data, [.. Enumerable.Range(0, data.Rows).Where(row => isSplitOff[row] == isWanted)]);
    }

    /// <summary>The same for a share that the caller asked for by the option.</summary>
    /// <exception cref="ArgumentException">No row would be split off, or none that weighs anything is on one side.</exception>
    public static (RowSubset Kept, RowSubset SplitOff) SplitAsAsked(Dataset data, float fraction, int seed)
    {
        var split = Split(data, fraction, seed);
        if (split.SplitOff.Count > 0 && data.HasWeights && !(Weighs(split.Kept) && Weighs(split.SplitOff)))
            throw new ArgumentException(FormattableString.Invariant($"The option {nameof(TrainingOptions.ValidationFraction)} is {fraction}, and of the rows {(Weighs(split.Kept) ? "that it splits off" : "that are left to learn from")} none has a weight above 0."));
        return split.SplitOff.Count > 0 ? split : throw new ArgumentException(FormattableString.Invariant(
            $"The option {nameof(TrainingOptions.ValidationFraction)} is {fraction}, which is less than one of the {Parts(data)}."));
    }

    /// <summary>What is split off as a whole.</summary>
    private static string Parts(Dataset data) => data.HeldOutTogether is { } groups
        ? FormattableString.Invariant($"{groups.Count} groups of training rows where one stays to learn from")
        : FormattableString.Invariant($"{data.Rows} training rows{(data.IsClassification ? " where one of each class stays to learn from" : "")}");

    private static bool Weighs(RowSubset subset) => subset.Targets.Total(classFactors: null).Weight > 0;

    /// <summary>The same rows of a data set that has the same features.</summary>
    public RowSubset In(Dataset data) => new(data, rows) { _features = _features };

    public override BatchSource OpenBatches(BatchLayout layout) => new MemoryBatches(this, layout);

    public override string Fingerprint()
    {
        using var stream = new ChecksumStream(Stream.Null);
        RawBytes.Write(stream, Rows);
        Data.CopyTo(stream);
        return $"{Count} of {Data.Rows}, checksum {stream.Checksum:x8}";
    }
}
