using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>What a <see cref="Dataset"/> may hold. Each check throws an <see cref="ArgumentException"/> that names the argument and what was expected.</summary>
internal static class DatasetLimits
{
    /// <summary>Their values were checked when they were made.</summary>
    public static void CheckFeatures(SparseFeatures features)
    {
        if (features.Rows == 0)
            throw new ArgumentException("The features have no rows.", nameof(features));
    }

    public static void CheckTargets(ReadOnlySpan<float> targets)
    {
        if (!FiniteValues.All(targets))
            throw new ArgumentException("The targets must be finite.", nameof(targets));
    }

    public static int CountRows(int inputs, ReadOnlyMemory<float> features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        var (rows, rest) = Math.DivRem(features.Length, inputs);
        return rows > 0 && rest == 0 ? rows
            : throw new ArgumentException($"The features are {features.Length} values; expected one or more whole rows of {inputs}.", nameof(features));
    }

    public static void CheckTargetCount(ReadOnlySpan<float> targets, int rows, int outputs)
    {
        if (targets.Length != (long)rows * outputs)
            throw new ArgumentException($"The targets are {targets.Length} values; expected {rows} rows of {outputs}.", nameof(targets));
    }

    public static void CheckClasses(ReadOnlySpan<int> classes, int rows, int classCount)
    {
        if (classes.Length != rows)
            throw new ArgumentException($"There are {classes.Length} classes for {rows} rows.", nameof(classes));
        foreach (var index in classes)
        {
            if ((uint)index >= (uint)classCount)
                throw new ArgumentException(FormattableString.Invariant($"A class is {index}; expected 0 to {classCount - 1}."), nameof(classes));
        }
    }

    public static void CheckGroups(RowGroups groups, int rows)
    {
        if (groups.OfRows.Length != rows)
            throw new ArgumentException($"There are {groups.OfRows.Length} numbers of groups for {rows} rows.", nameof(groups));
    }

    /// <summary>In a single batch all may be 0.</summary>
    public static void CheckWeightsOfBatch(ReadOnlySpan<float> weights, int rows)
    {
        if (weights.Length != rows)
            throw new ArgumentException($"There are {weights.Length} weights for {rows} rows.", nameof(weights));
        foreach (var weight in weights)
        {
            if (weight is not (>= 0 and < float.PositiveInfinity))
                throw new ArgumentException(FormattableString.Invariant($"A weight is {weight}; expected a finite number of at least 0."), nameof(weights));
        }
    }

    public static void CheckWeights(ReadOnlySpan<float> weights, int rows)
    {
        CheckWeightsOfBatch(weights, rows);
        if (!weights.ContainsAnyExcept(0))
            throw new ArgumentException("All weights are 0.", nameof(weights));
    }
}
