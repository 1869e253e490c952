using System.Buffers;
using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Rows to train on or to measure with: features, targets, and optionally a weight for each row.</summary>
public sealed class Dataset
{
    private readonly ReadOnlyMemory<float> _features;
    private readonly ReadOnlyMemory<float> _targets;
    private readonly ReadOnlyMemory<int> _classes;
    private readonly ReadOnlyMemory<float> _weights;

    // Of rows in groups, whose weights are those of the groups.
    private readonly ReadOnlyMemory<float> _weightsWithoutGroups;

    private Dataset(
        int inputs, ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets, ReadOnlyMemory<int> classes, int classCount, ReadOnlyMemory<float> weights)
        : this(inputs, DatasetLimits.CountRows(inputs, features), targets, classes, classCount, weights)
    {
        HasMissing = !FiniteValues.AreComplete(features.Span, nameof(features));
        _features = features;
    }

    private Dataset(SparseFeatures features, ReadOnlyMemory<float> targets, ReadOnlyMemory<int> classes, int classCount, ReadOnlyMemory<float> weights)
        : this(features.Inputs, features.Rows, targets, classes, classCount, weights)
    {
        DatasetLimits.CheckFeatures(features);
        (Sparse, HasMissing) = (features, features.HasMissing);
    }

    private Dataset(int inputs, int rows, ReadOnlyMemory<float> targets, ReadOnlyMemory<int> classes, int classCount, ReadOnlyMemory<float> weights)
    {
        Inputs = inputs;
        Rows = rows;
        ClassCount = classCount;
        DatasetLimits.CheckTargets(targets.Span);
        if (!weights.IsEmpty)
            DatasetLimits.CheckWeights(weights.Span, Rows);

        _targets = targets;
        _classes = classes;
        _weights = weights;
    }

    private Dataset(Dataset rows, RowGroups groups)
    {
        (Rows, Inputs, HasMissing, Sparse, Groups) = (rows.Rows, rows.Inputs, rows.HasMissing, rows.Sparse, groups);
        (_features, _targets) = (rows._features, rows._targets);
        _weightsWithoutGroups = rows.Groups is null ? rows._weights : rows._weightsWithoutGroups;
        _weights = groups.Weights(_weightsWithoutGroups.Span);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of features a row.</summary>
    public int Inputs { get; }

    /// <summary>The number of classes, or 0 where the targets are numbers.</summary>
    public int ClassCount { get; }

    /// <summary>Whether the targets are classes.</summary>
    public bool IsClassification => ClassCount > 0;

    /// <summary>The features, where they are sparse; otherwise null.</summary>
    internal SparseFeatures? Sparse { get; }

    /// <summary>Whether a feature is missing.</summary>
    internal bool HasMissing { get; }

    /// <summary>Which rows belong together; null where they are in no groups.</summary>
    internal RowGroups? Groups { get; private init; }

    /// <summary>Which rows are held out together or not at all; null where each is by itself. The groups of a ranking are.</summary>
    internal RowGroups? HeldOutTogether { get => field ?? Groups; private set; }

    internal bool HasWeights => !_weights.IsEmpty;

    /// <summary>Numbers a row; 0 where the targets are classes.</summary>
    internal int TargetCount => _targets.Length / Rows;

    /// <summary>Rows with numbers for targets. The memory is used as it is, not copied.</summary>
    /// <param name="inputs">The number of features a row, at least 1.</param>
    /// <param name="outputs">The number of targets a row, at least 1.</param>
    /// <param name="features">(rows x inputs), row-major, finite; or missing, not-a-number, for a network that begins with a <see cref="MissingValueLayer"/>.</param>
    /// <param name="targets">(rows x outputs), row-major, finite.</param>
    /// <param name="weights">(rows), finite, at least 0 and not all 0; empty where all rows weigh the same.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed; the message says which.</exception>
    public static Dataset FromTargets(
        int inputs, int outputs, ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets, ReadOnlyMemory<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        var data = new Dataset(inputs, features, targets, default, classCount: 0, weights);
        DatasetLimits.CheckTargetCount(targets.Span, data.Rows, outputs);
        return data;
    }

    /// <summary>Rows of sparse features with numbers for targets. The memory is used as it is, not copied.</summary>
    /// <param name="features">(rows x inputs), at least one row.</param>
    /// <param name="outputs">The number of targets a row, at least 1.</param>
    /// <param name="targets">(rows x outputs), row-major, finite.</param>
    /// <param name="weights">(rows), finite, at least 0 and not all 0; empty where all rows weigh the same.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed; the message says which.</exception>
    /// <remarks><inheritdoc cref="FromClasses(SparseFeatures, int, ReadOnlyMemory{int}, ReadOnlyMemory{float})" path="/remarks/node()"/></remarks>
    public static Dataset FromTargets(SparseFeatures features, int outputs, ReadOnlyMemory<float> targets, ReadOnlyMemory<float> weights)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        DatasetLimits.CheckTargetCount(targets.Span, features.Rows, outputs);
        return new Dataset(features, targets, default, classCount: 0, weights);
    }

    /// <summary>Rows with a class each. The memory is used as it is, not copied.</summary>
    /// <param name="inputs">The number of features a row, at least 1.</param>
    /// <param name="classCount">The number of classes, at least 2. A network for 2 classes may have one output (the second class) or two.</param>
    /// <param name="features">(rows x inputs), row-major, finite; or missing, not-a-number, for a network that begins with a <see cref="MissingValueLayer"/>.</param>
    /// <param name="classes">(rows), each from 0 to classCount - 1.</param>
    /// <param name="weights">(rows), finite, at least 0 and not all 0; empty where all rows weigh the same.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed; the message says which.</exception>
    public static Dataset FromClasses(
        int inputs, int classCount, ReadOnlyMemory<float> features, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        var data = new Dataset(inputs, features, default, classes, classCount, weights);
        DatasetLimits.CheckClasses(classes.Span, data.Rows, classCount);
        return data;
    }

    /// <summary>Rows of sparse features with a class each. The memory is used as it is, not copied.</summary>
    /// <param name="features">(rows x inputs), at least one row.</param>
    /// <param name="classCount">The number of classes, at least 2. A network for 2 classes may have one output (the second class) or two.</param>
    /// <param name="classes">(rows), each from 0 to classCount - 1.</param>
    /// <param name="weights">(rows), finite, at least 0 and not all 0; empty where all rows weigh the same.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed; the message says which.</exception>
    /// <remarks>
    /// Training takes time by the number of stored values: of a first <see cref="DenseLayer"/>, a step changes only the weights of features that its batch stores a value for. Plain gradient
    /// descent without weight decay therefore gives the same as on dense rows, to rounding. Other optimizers update their state of a feature, and apply its weight decay, only in steps whose batch stores it ("lazy", as PyTorch's SparseAdam). Where every batch stores every feature, they too give the same.
    /// </remarks>
    public static Dataset FromClasses(SparseFeatures features, int classCount, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> weights)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        DatasetLimits.CheckClasses(classes.Span, features.Rows, classCount);
        return new Dataset(features, default, classes, classCount, weights);
    }

    /// <summary>The same rows with other targets: numbers.</summary>
    /// <param name="targets">(rows x outputs), row-major, finite.</param>
    internal Dataset WithTargets(float[] targets) =>
        Sparse is null ? new(Inputs, _features, targets, default, classCount: 0, _weights) : new(Sparse, targets, default, classCount: 0, _weights);

    /// <summary>
    /// The same rows in groups, such as the documents of a query, for a loss that compares the rows of a group. Batches and rows held out are whole groups, and each group counts as its mean row does, however many rows it has.
    /// </summary>
    /// <param name="groups">(rows): a number for the group that each row belongs to. Rows of a group need not be neighbours.</param>
    /// <returns>The rows; their memory is the same.</returns>
    /// <exception cref="ArgumentException">There is not one number for each row.</exception>
    /// <exception cref="InvalidOperationException">The targets are classes.</exception>
    public Dataset WithGroups(ReadOnlySpan<int> groups) => WithGroups(RowGroups.Of(groups));

    /// <inheritdoc cref="WithGroups(ReadOnlySpan{int})"/>
    internal Dataset WithGroups(RowGroups groups)
    {
        DatasetLimits.CheckGroups(groups, Rows);
        if (IsClassification)
            throw new InvalidOperationException("The targets are classes; rows in groups have numbers for targets.");
        return new Dataset(this, groups);
    }

    /// <summary>The same rows, of which those of a group are held out together or not at all, and which are learned by themselves. Their memory is the same.</summary>
    internal Dataset WithHeldOutTogether(RowGroups groups)
    {
        DatasetLimits.CheckGroups(groups, Rows);
        var rows = (Dataset)MemberwiseClone();
        rows.HeldOutTogether = groups;
        return rows;
    }

    /// <summary>Pins the features, (rows x inputs); of sparse ones, those that are stored.</summary>
    internal MemoryHandle PinFeatures() => Sparse is null ? _features.Pin() : Sparse.Values.Pin();

    /// <summary>(inputs), where the features are not sparse.</summary>
    internal ReadOnlySpan<float> FeaturesOf(int row) => _features.Span.Slice(row * Inputs, Inputs);

    /// <summary>Writes out the features of a row, which may be sparse.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="features">(inputs), to be filled.</param>
    internal void CopyFeatures(int row, Span<float> features)
    {
        if (Sparse is null)
        {
            FeaturesOf(row).CopyTo(features);
            return;
        }

        features.Clear();
        var columns = Sparse.ColumnsOf(row);
        var values = Sparse.ValuesOf(row);
        for (var i = 0; i < columns.Length; i++)
            features[columns[i]] = values[i];
    }

    /// <summary>What the row weighs; 1 where rows have no weights.</summary>
    internal float Weight(int row) => HasWeights ? _weights.Span[row] : 1;

    /// <summary>The row's class; 0 where the targets are numbers.</summary>
    internal int Class(int row) => IsClassification ? Checked(_classes.Span[row]) : 0;

    /// <summary>Copies the targets of rows: their numbers, or their classes, each as a 1 among 0s (one-hot).</summary>
    /// <param name="rows">Which rows.</param>
    /// <param name="targets">(rows x outputs).</param>
    /// <param name="outputs">Targets a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void CopyTargets(ReadOnlySpan<int> rows, Span<float> targets, int outputs)
    {
        var classes = _classes.Span;
        var numbers = _targets.Span;
        if (!IsClassification && outputs > 1)
        {
            for (var i = 0; i < rows.Length; i++)
                numbers.Slice(rows[i] * outputs, outputs).CopyTo(targets[(i * outputs)..]);
        }
        else if (outputs > 1)
        {
            targets[..(rows.Length * outputs)].Clear();
            for (var i = 0; i < rows.Length; i++)
                targets[i * outputs + Checked(classes[rows[i]])] = 1;
        }
        else
        {
            for (var i = 0; i < rows.Length; i++)
                targets[i] = IsClassification ? Checked(classes[rows[i]]) : numbers[rows[i]];
        }
    }

    /// <summary>Checks a class again: whoever owns the memory may have changed it since the data set was made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Checked(int index) => (uint)index < (uint)ClassCount ? index : throw new InvalidOperationException(FormattableString.Invariant($"A class is {index} by now; expected 0 to {ClassCount - 1}."));

    /// <summary>Writes all values as bytes of this machine.</summary>
    internal void CopyTo(Stream stream)
    {
        RawBytes.Write(stream, _features.Span);
        Sparse?.CopyTo(stream);
        RawBytes.Write(stream, _targets.Span);
        RawBytes.Write(stream, _classes.Span);
        RawBytes.Write(stream, _weights.Span);
        if (Groups is not null)
            RawBytes.Write(stream, Groups.OfRows);
    }
}
