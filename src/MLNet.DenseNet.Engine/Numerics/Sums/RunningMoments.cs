using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The mean of each column and its variation, the sum of weight * (value - mean)², of values taken in one after the other. In float64; the order of the values decides the last bits.
/// </summary>
/// <remarks>
/// Welford, "Note on a method for calculating corrected sums of squares and products" (1962), with weights as West, "Updating mean and variance estimates: an improved method" (1979). Nothing
/// large is subtracted from something large, so that a column whose values are all the same has a variation of exactly 0.
/// </remarks>
internal sealed class RunningMoments(int columns)
{
    private readonly double[] _means = new double[columns];
    private readonly double[] _variations = new double[columns];

    /// <summary>(columns); 0 before there are values.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>(columns).</summary>
    public ReadOnlySpan<double> Variations => _variations;

    /// <summary>The weight of all rows that were taken in whole.</summary>
    public double Weight { get; private set; }

    /// <summary>Forgets all values.</summary>
    public void Clear()
    {
        Array.Clear(_means);
        Array.Clear(_variations);
        Weight = 0;
    }

    /// <summary>Takes in a value of each column.</summary>
    /// <param name="row">(columns), finite.</param>
    /// <param name="weight">At least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> row, double weight)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, _means.Length);
        if (weight == 0)
            return;
        Weight += weight;
        var share = weight / Weight;
        var column = 0;
        for (; column <= row.Length - Vector<float>.Count; column += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(row[column..]), out var lower, out var upper);
            Add(lower, column, weight, share);
            Add(upper, column + Vector<double>.Count, weight, share);
        }

        for (; column < row.Length; column++)
            Add(row[column], column, weight, share);
    }

    /// <summary>Takes in a value of one column, where each column has rows of its own.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="column">Which column.</param>
    /// <param name="weight">Above 0.</param>
    /// <param name="columnWeight">The weight of the column's values so far, this one included.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddToColumn(float value, int column, double weight, double columnWeight) => Add(value, column, weight, weight / columnWeight);

    /// <summary>Takes in a value of one column whose mean and variation the caller holds, where all values weigh the same.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="count">How many values there are, this one included.</param>
    /// <param name="mean">The mean, 0 at first.</param>
    /// <param name="variation">The variation, 0 at first.</param>
    public static void Add(double value, long count, ref double mean, ref double variation)
    {
        var difference = value - mean;
        mean += difference / count;
        variation += difference * (value - mean);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(double value, int column, double weight, double share)
    {
        var difference = value - _means[column];
        _means[column] += difference * share;
        _variations[column] += weight * difference * (value - _means[column]);
    }

    /// <summary>The same for columns side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(Vector<double> values, int column, double weight, double share)
    {
        var mean = new Vector<double>(_means, column);
        var difference = values - mean;
        mean += difference * share;
        mean.CopyTo(_means, column);
        (new Vector<double>(_variations, column) + weight * difference * (values - mean)).CopyTo(_variations, column);
    }
}
