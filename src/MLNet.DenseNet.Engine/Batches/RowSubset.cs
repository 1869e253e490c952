using System.Runtime.InteropServices;
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
                _features = new FeatureStatistics(Inputs, isSparse: Data.Sparse is not null);
                _features.Add(this);
            }

            return _features;
        }
    }

    public static RowSubset All(Dataset data) => new(data, [.. Enumerable.Range(0, data.Rows)]);

    /// <summary>Splits rows off at random: of each class the same share, and of each class of two or more rows at least one stays. Both parts keep the rows' order.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="fraction">Which share to split off, in (0, 1); rounded to whole rows.</param>
    /// <param name="seed">Determines which ones.</param>
    /// <exception cref="ArgumentException">No row would be split off, or none would stay.</exception>
    public static (RowSubset Kept, RowSubset SplitOff) Split(Dataset data, float fraction, int seed)
    {
        var order = new int[data.Rows];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        new RandomBits((ulong)seed, RandomStreams.Splitting).Shuffle(order);

        var sizes = new int[Math.Max(1, data.ClassCount)];
        foreach (var row in order)
            sizes[data.Class(row)]++;
        var wanted = Array.ConvertAll(sizes, size => Math.Min((int)Math.Round((double)fraction * size, MidpointRounding.AwayFromZero), size - 1));
        var isSplitOff = new bool[data.Rows];
        foreach (var row in order)
            isSplitOff[row] = wanted[data.Class(row)]-- > 0;

        Array.Sort(order);
        var (kept, splitOff) = (Array.FindAll(order, row => !isSplitOff[row]), Array.FindAll(order, row => isSplitOff[row]));
        if (splitOff.Length == 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The option {nameof(TrainingOptions.ValidationFraction)} is {fraction}, which of {data.Rows} training rows{(data.IsClassification ? ", class by class," : "")} is not one row."));
        }

        return (new RowSubset(data, kept), new RowSubset(data, splitOff));
    }

    public override BatchSource OpenBatches(BatchLayout layout) => new MemoryBatches(this, layout);

    public override string Fingerprint()
    {
        using var stream = new ChecksumStream(Stream.Null);
        stream.Write(MemoryMarshal.AsBytes(Rows));
        Data.CopyTo(stream);
        return $"{Count} of {Data.Rows}, checksum {stream.Checksum:x8}";
    }
}
