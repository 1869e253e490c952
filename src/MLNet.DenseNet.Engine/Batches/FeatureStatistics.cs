using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>The distribution of each column of the features, gathered in one pass, rows by their weights. The order of the rows decides the last bits.</summary>
/// <remarks>Welford, "Note on a method for calculating corrected sums of squares and products" (1962), with weights as West (1979), in float64. A column whose values are all the same has a variance of exactly 0.</remarks>
internal sealed class FeatureStatistics
{
    // Of each column, over the values taken in one by one: all of dense rows, those that are not 0 of sparse rows.
    private readonly double[] _means;
    private readonly double[] _variations;
    private readonly double[] _nonZero;
    private double _weight;
    private readonly bool _isSparse;

    /// <param name="columns">The number of features a row.</param>
    /// <param name="isSparse">Whether rows come as their values that are not 0.</param>
    public FeatureStatistics(int columns, bool isSparse = false)
    {
        _isSparse = isSparse;
        _means = new double[columns];
        _variations = new double[columns];
        _nonZero = new double[columns];
    }

    public int Columns => _means.Length;

    /// <summary>The mean of a column, zeros included.</summary>
    public double Mean(int column) => _weight == 0 ? 0 : _means[column] * (TakenIn(column) / _weight);

    /// <summary>The mean squared difference from the column's mean, zeros included.</summary>
    public double Variance(int column)
    {
        if (_weight == 0)
            return 0;
        // Zeros that were left out are a second group: Chan, Golub and LeVeque (1983), (2.1).
        var taken = TakenIn(column);
        return (_variations[column] + _means[column] * _means[column] * taken * ((_weight - taken) / _weight)) / _weight;
    }

    /// <summary>The weight of the rows whose value in a column is not 0; their number where rows have no weights.</summary>
    public double NonZeroWeight(int column) => _nonZero[column];

    /// <summary>The root mean square of a column's values that are not 0; 0 where there are none.</summary>
    public double NonZeroRootMeanSquare(int column)
    {
        var taken = TakenIn(column);
        return _nonZero[column] == 0 ? 0 : Math.Sqrt((_variations[column] + _means[column] * _means[column] * taken) / _nonZero[column]);
    }

    /// <summary>
    /// What brings each column to mean 0 and variance 1, as (value - mean) * scale. A column of one value only is shifted and not scaled. Columns of sparse rows
    /// are not shifted, so that zeros stay 0, and their other values are brought to a mean square of 1: the deviation of a column that is nearly always 0 is
    /// so small that dividing by it would leave little but rare columns.
    /// </summary>
    /// <returns>(columns) each.</returns>
    public (float[] Means, float[] Scales) ToStandardization()
    {
        var (means, scales) = (new float[Columns], new float[Columns]);
        for (var column = 0; column < Columns; column++)
        {
            var deviation = _isSparse ? NonZeroRootMeanSquare(column) : Math.Sqrt(Variance(column));
            means[column] = _isSparse ? 0 : (float)Mean(column);
            // The reciprocal of a deviation near the smallest numbers would be infinite.
            scales[column] = deviation > 0 ? (float)Math.Min(1 / deviation, float.MaxValue) : 1;
        }

        return (means, scales);
    }

    /// <summary>(columns): a share of each column's standard deviation.</summary>
    public float[] ToDeviations(float share)
    {
        var deviations = new float[Columns];
        for (var column = 0; column < Columns; column++)
            deviations[column] = (float)(share * Math.Sqrt(Variance(column)));
        return deviations;
    }

    /// <summary>Takes in further rows.</summary>
    public void Add(RowSubset rows)
    {
        foreach (var row in rows.Rows)
        {
            var weight = rows.Data.HasWeights ? rows.Data.Weight(row) : 1;
            if (rows.Data.Sparse is { } sparse)
                Add(sparse.ColumnsOf(row), sparse.ValuesOf(row), weight);
            else
                Add(rows.Data.FeaturesOf(row), weight);
        }
    }

    /// <summary>Takes in a dense row.</summary>
    /// <param name="row">(columns), finite.</param>
    /// <param name="weight">At least 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> row, double weight = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(row.Length, _means.Length);
        if (weight == 0)
            return;
        _weight += weight;
        var share = weight / _weight;
        var column = 0;
        for (; column <= row.Length - Vector<float>.Count; column += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(row[column..]), out var lower, out var upper);
            Add(lower, column, share, weight);
            Add(upper, column + Vector<double>.Count, share, weight);
        }

        for (; column < row.Length; column++)
        {
            var difference = row[column] - _means[column];
            _means[column] += difference * share;
            _variations[column] += weight * difference * (row[column] - _means[column]);
            _nonZero[column] += row[column] == 0 ? 0 : weight;
        }
    }

    /// <summary>Takes in a sparse row.</summary>
    /// <param name="columns">The columns of the values, each at most once.</param>
    /// <param name="values">Finite; all others of the row are 0.</param>
    /// <param name="weight">At least 0.</param>
    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, double weight = 1)
    {
        _weight += weight;
        for (var i = 0; i < columns.Length; i++)
        {
            if (values[i] == 0 || weight == 0)
                continue;
            var column = columns[i];
            var difference = values[i] - _means[column];
            _nonZero[column] += weight;
            _means[column] += difference * (weight / _nonZero[column]);
            _variations[column] += weight * difference * (values[i] - _means[column]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(Vector<double> values, int column, double share, double weight)
    {
        var mean = new Vector<double>(_means, column);
        var difference = values - mean;
        mean += difference * share;
        mean.CopyTo(_means, column);
        (new Vector<double>(_variations, column) + weight * difference * (values - mean)).CopyTo(_variations, column);
        (new Vector<double>(_nonZero, column) + Vector.ConditionalSelect(Vector.Equals(values, Vector<double>.Zero), Vector<double>.Zero, new Vector<double>(weight))).CopyTo(_nonZero, column);
    }

    private double TakenIn(int column) => _isSparse ? _nonZero[column] : _weight;
}
