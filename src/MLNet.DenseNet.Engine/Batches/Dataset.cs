using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Rows to train on or to measure with: features, what should come out for them, and optionally a weight for each.</summary>
public sealed class Dataset
{
    private readonly ReadOnlyMemory<float> _features;
    private readonly ReadOnlyMemory<float> _targets;
    private readonly ReadOnlyMemory<int> _classes;
    private readonly ReadOnlyMemory<float> _weights;

    private Dataset(
        int inputs, ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets, ReadOnlyMemory<int> classes, int classCount, ReadOnlyMemory<float> weights)
        : this(inputs, CountRows(inputs, features), targets, classes, classCount, weights)
    {
        if (!FiniteValues.All(features.Span))
            throw new ArgumentException("The features must be finite.", nameof(features));
        _features = features;
    }

    private Dataset(SparseFeatures features, ReadOnlyMemory<float> targets, ReadOnlyMemory<int> classes, int classCount, ReadOnlyMemory<float> weights)
        : this(features.Inputs, features.Rows, targets, classes, classCount, weights)
    {
        if (Rows == 0)
            throw new ArgumentException("The features have no rows.", nameof(features));
        Sparse = features;
    }

    private Dataset(int inputs, int rows, ReadOnlyMemory<float> targets, ReadOnlyMemory<int> classes, int classCount, ReadOnlyMemory<float> weights)
    {
        Inputs = inputs;
        Rows = rows;
        ClassCount = classCount;
        if (!FiniteValues.All(targets.Span))
            throw new ArgumentException("The targets must be finite.", nameof(targets));
        if (!weights.IsEmpty)
            CheckWeights(weights.Span, Rows);

        _targets = targets;
        _classes = classes;
        _weights = weights;
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

    internal bool HasWeights => !_weights.IsEmpty;

    /// <summary>Numbers a row; 0 where the targets are classes.</summary>
    internal int TargetCount => _targets.Length / Rows;

    /// <summary>Rows with numbers for targets. The memory is used as it is, not copied.</summary>
    /// <param name="inputs">The number of features a row, at least 1.</param>
    /// <param name="outputs">The number of targets a row, at least 1.</param>
    /// <param name="features">(rows x inputs), row-major, finite.</param>
    /// <param name="targets">(rows x outputs), row-major, finite.</param>
    /// <param name="weights">(rows), finite, at least 0 and not all 0; empty where all rows weigh the same.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed; the message says which.</exception>
    public static Dataset FromTargets(
        int inputs, int outputs, ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets, ReadOnlyMemory<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        var data = new Dataset(inputs, features, targets, default, classCount: 0, weights);
        CheckTargets(targets.Span, data.Rows, outputs);
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
        CheckTargets(targets.Span, features.Rows, outputs);
        return new Dataset(features, targets, default, classCount: 0, weights);
    }

    /// <summary>Rows with a class each. The memory is used as it is, not copied.</summary>
    /// <param name="inputs">The number of features a row, at least 1.</param>
    /// <param name="classCount">The number of classes, at least 2. A network for 2 classes may have one output (the second class) or two.</param>
    /// <param name="features">(rows x inputs), row-major, finite.</param>
    /// <param name="classes">(rows), each from 0 to classCount - 1.</param>
    /// <param name="weights">(rows), finite, at least 0 and not all 0; empty where all rows weigh the same.</param>
    /// <returns>The rows.</returns>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed; the message says which.</exception>
    public static Dataset FromClasses(
        int inputs, int classCount, ReadOnlyMemory<float> features, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> weights = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        var data = new Dataset(inputs, features, default, classes, classCount, weights);
        CheckClasses(classes.Span, data.Rows, classCount);
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
    /// Training takes time by the stored values: a step changes, of the weights of a first <see cref="DenseLayer"/>, only those of features that its batch
    /// stores a value for. Plain gradient descent without weight decay therefore gives the same as on the rows written out, to rounding. What other optimizers
    /// remember of a feature, and its weight decay, take effect only in steps whose batch holds the feature ("lazy", as PyTorch's SparseAdam); where every batch
    /// holds every feature, they too give the same.
    /// </remarks>
    public static Dataset FromClasses(SparseFeatures features, int classCount, ReadOnlyMemory<int> classes, ReadOnlyMemory<float> weights)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        CheckClasses(classes.Span, features.Rows, classCount);
        return new Dataset(features, default, classes, classCount, weights);
    }

    /// <summary>Holds the features, (rows x inputs), where they are in memory; of sparse ones, those that are stored.</summary>
    internal MemoryHandle PinFeatures() => Sparse is null ? _features.Pin() : Sparse.Values.Pin();

    /// <summary>(inputs), where the features are not sparse.</summary>
    internal ReadOnlySpan<float> FeaturesOf(int row) => _features.Span.Slice(row * Inputs, Inputs);

    internal float Weight(int row) => _weights.Span[row];

    /// <summary>The row's class; 0 where the targets are numbers.</summary>
    internal int Class(int row) => IsClassification ? Checked(_classes.Span[row]) : 0;

    /// <summary>Fills what the outputs should be: each row's numbers, or its class as 1 among 0s.</summary>
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

    /// <summary>Whoever owns the memory may have changed it since the data set was made.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Checked(int index) => (uint)index < (uint)ClassCount ? index : throw new InvalidOperationException(FormattableString.Invariant($"A class is {index} by now; expected 0 to {ClassCount - 1}."));

    /// <summary>Writes all values as bytes of this machine.</summary>
    internal void CopyTo(Stream stream)
    {
        stream.Write(MemoryMarshal.AsBytes(_features.Span));
        Sparse?.CopyTo(stream);
        stream.Write(MemoryMarshal.AsBytes(_targets.Span));
        stream.Write(MemoryMarshal.AsBytes(_classes.Span));
        stream.Write(MemoryMarshal.AsBytes(_weights.Span));
    }

    private static int CountRows(int inputs, ReadOnlyMemory<float> features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        var (rows, rest) = Math.DivRem(features.Length, inputs);
        return rows > 0 && rest == 0 ? rows
            : throw new ArgumentException($"The features are {features.Length} values; expected one or more whole rows of {inputs}.", nameof(features));
    }

    private static void CheckTargets(ReadOnlySpan<float> targets, int rows, int outputs)
    {
        if (targets.Length != (long)rows * outputs)
            throw new ArgumentException($"The targets are {targets.Length} values; expected {rows} rows of {outputs}.", nameof(targets));
    }

    private static void CheckClasses(ReadOnlySpan<int> classes, int rows, int classCount)
    {
        if (classes.Length != rows)
            throw new ArgumentException($"There are {classes.Length} classes for {rows} rows.", nameof(classes));
        foreach (var index in classes)
        {
            if ((uint)index >= (uint)classCount)
                throw new ArgumentException(FormattableString.Invariant($"A class is {index}; expected 0 to {classCount - 1}."), nameof(classes));
        }
    }

    private static void CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        if (weights.Length != rows)
            throw new ArgumentException($"There are {weights.Length} weights for {rows} rows.", nameof(weights));

        var isAnyPositive = false;
        foreach (var weight in weights)
        {
            if (weight is not (>= 0 and < float.PositiveInfinity))
                throw new ArgumentException(FormattableString.Invariant($"A weight is {weight}; expected a finite number of at least 0."), nameof(weights));
            isAnyPositive |= weight > 0;
        }

        if (!isAnyPositive)
            throw new ArgumentException("All weights are 0.", nameof(weights));
    }
}
