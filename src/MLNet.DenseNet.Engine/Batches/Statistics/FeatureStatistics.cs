using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The distribution of each column of the features, gathered in one pass, rows by their weights.</summary>
internal sealed class FeatureStatistics
{
    /// <summary>The most columns of dense rows that have functions of each number.</summary>
    public const int MostTableColumns = 2048;

    // Of dense rows. Of more columns, the sample would have too few rows to tell how values are spread.
    private const int MostSampledColumns = 1 << 14;

    // Of sparse rows. A hundred texts have more words that come several times.
    private const int MostSparseNumbers = 1024;

    // From so many times the deviation of most values on, float32 could not tell these apart.
    private const double FarFromBulk = 1e5;

    // Of all values of dense rows; of sparse rows, of the values that are not 0.
    private readonly RunningMoments _moments;

    // (columns): the weight of the rows whose value is not 0. Not used where rows are dense.
    private readonly double[] _nonZeroWeights;
    private readonly bool _isSparse;

    // (columns): of sparse rows, how many store a value, be it 0.
    private readonly int[] _stored;
    private readonly TwoValuedColumns _twoValued;
    private readonly SparseRowSample? _sparseSample;
    private RowSample? _sample;
    private Dictionary<int, double>? _words;
    private int _rows;

    // (columns): the weight of the rows that miss a column's value; null as long as none does.
    private double[]? _missingWeights;

    // (columns): whether a row misses a column's value, be its weight 0; null as long as none does.
    private bool[]? _isMissing;
    private double _weight;

    /// <param name="columns">The number of features a row.</param>
    /// <param name="isSparse">Whether rows come as their values that are not 0.</param>
    public FeatureStatistics(int columns, bool isSparse = false)
    {
        _isSparse = isSparse;
        _moments = new RunningMoments(columns);
        _nonZeroWeights = new double[isSparse ? columns : 0];
        _stored = new int[isSparse ? columns : 0];
        _twoValued = new TwoValuedColumns(columns);
        _sparseSample = isSparse ? new SparseRowSample() : null;
        _sample = isSparse || columns > MostSampledColumns ? null : new RowSample(Enumerable.Range(0, columns));
    }

    /// <summary>Some of the rows, to find functions of each number; null where they are dense and have more than 2,048 columns. Of sparse rows, it has the columns of which every row stores a value, and those of several values, unless there are more than 1,024: then they are words, not numbers.</summary>
    public RowSample? TableSample => _isSparse || Columns <= MostTableColumns ? Sample : null;

    /// <summary>The columns of a table that are words (<see cref="WordColumns"/>), and of each the mean square of its values that are not 0; none of sparse rows, where all may be.</summary>
    public IReadOnlyDictionary<int, double> Words => _words ??= _isSparse || TableSample is not { } sample ? [] : WordColumns.Of(sample);

    // Null where rows are dense and have more columns than are sampled.
    private RowSample? Sample => _sparseSample is null ? _sample : _sample ??= _sparseSample.Of(NumbersOf(_sparseSample));

    public int Columns => _moments.Means.Length;

    /// <summary>The columns of which a value is missing.</summary>
    public int[] ColumnsWithMissing => [.. Enumerable.Range(0, Columns).Where(column => _isMissing?[column] == true)];

    /// <summary>Whether no row has a value in a column.</summary>
    public bool IsAlwaysMissing(int column) => WeightOf(column) == 0;

    /// <summary>The two values of a column that has no others, by all rows; null where it has one or more. Of sparse rows, by those that are stored.</summary>
    public (float Low, float High)? TwoValues(int column) => _twoValued.Of(column);

    /// <summary>The mean of a column, zeros included, missing values left out.</summary>
    public double Mean(int column) => WeightOf(column) == 0 ? 0 : _moments.Means[column] * (WeightOfMoments(column) / WeightOf(column));

    /// <summary>The middle of a column: its mean, or where a few values are so far away that the others would become one, that of most values.</summary>
    public double Center(int column) => BulkOf(column, Math.Sqrt(Variance(column)))?.Center ?? Mean(column);

    /// <summary>The mean squared difference from the column's mean, zeros included; exactly 0 where all values are the same.</summary>
    public double Variance(int column)
    {
        var all = WeightOf(column);
        if (all == 0)
            return 0;
        // Zeros of sparse rows are a second group of values: Chan, Golub and LeVeque (1983), (2.1).
        var (mean, weight) = (_moments.Means[column], WeightOfMoments(column));
        return (_moments.Variations[column] + mean * mean * weight * ((all - weight) / all)) / all;
    }

    /// <summary>Of sparse rows, the mean square of a channel's values that are not 0; 0 where there are none.</summary>
    public double NonZeroMeanSquare(int channel, int channels)
    {
        var (squares, weights) = (0.0, 0.0);
        for (var column = channel; column < Columns; column += channels)
        {
            var (mean, weight) = (_moments.Means[column], _nonZeroWeights[column]);
            squares += _moments.Variations[column] + mean * mean * weight;
            weights += weight;
        }

        return weights == 0 ? 0 : squares / weights;
    }

    /// <summary>
    /// What brings each channel to mean 0 and variance 1, as (value - mean) * scale. A channel of one value only is shifted and not scaled. Columns of sparse rows
    /// are not shifted, so that values that are not stored stay 0, and their other values are brought to a mean square of 1; but where every row stores a value, be it 0, and they differ, a column is as one of dense rows. The deviation of a column that is nearly always 0 is so
    /// small that dividing by it would let rare columns drown all others. So a column of two values, such as an indicator of a category, has the deviation of one that has both as often. Where a few values, such as marks of what is not known, are so far away that the others would become one, those count alone; of dense rows with more than 16,384 columns that is not seen.
    /// </summary>
    /// <param name="channels">Column after column belongs to the next channel, round and round; as many as columns where each is a channel of its own.</param>
    /// <param name="forLabels">Whether labels are learned of them. Then the scale of a channel of one value only is 0, so that nothing comes of values that it had in no row, and words in a table are as those of sparse rows.</param>
    /// <returns>(columns) each, the same for all columns of a channel.</returns>
    public (float[] Means, float[] Scales) ToStandardization(int channels, bool forLabels = false)
    {
        var (means, scales) = (new float[Columns], new float[Columns]);
        for (var channel = 0; channel < channels; channel++)
        {
            var (mean, deviation) = channels < Columns ? OfChannel(channel, channels) : OfColumn(channel, forLabels);
            // The reciprocal of a deviation near the smallest numbers would be infinite.
            var scale = deviation > 0 ? (float)Math.Min(1 / deviation, float.MaxValue) : forLabels ? 0 : 1;
            for (var column = channel; column < Columns; column += channels)
                (means[column], scales[column]) = ((float)mean, scale);
        }

        return (means, scales);
    }

    private (double Mean, double Deviation) OfChannel(int channel, int channels)
    {
        var (mean, variance) = _isSparse ? (0, NonZeroMeanSquare(channel, channels)) : MomentsOf(channel, channels);
        return (mean, Math.Sqrt(variance));
    }

    /// <summary>The same of a column that is a channel by itself.</summary>
    private (double Mean, double Deviation) OfColumn(int column, bool forLabels)
    {
        if (forLabels && Words.TryGetValue(column, out var meanSquare))
            return (0, Math.Sqrt(meanSquare));
        var isStored = !_isSparse || _stored[column] == _rows;
        if (!isStored || (_isSparse && Variance(column) == 0))
            return (0, isStored && forLabels ? 0 : Math.Sqrt(NonZeroMeanSquare(column, Columns)));
        var (mean, deviation) = (Mean(column), Math.Sqrt(Variance(column)));
        return TwoValues(column) is var (low, high) ? (mean, Math.Max(deviation, ((double)high - low) / 2)) : BulkOf(column, deviation) ?? (mean, deviation);
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
            if (rows.Data.Sparse is { } sparse)
                Add(sparse.ColumnsOf(row), sparse.ValuesOf(row), rows.Data.Weight(row));
            else
                Add(rows.Data.FeaturesOf(row), rows.Data.Weight(row));
        }
    }

    /// <summary>Takes in a dense row.</summary>
    /// <param name="row">(columns), finite or missing: not-a-number.</param>
    /// <param name="weight">At least 0.</param>
    public void Add(ReadOnlySpan<float> row, double weight = 1)
    {
        _weight += weight;
        if (_missingWeights is null && FiniteValues.All(row))
            _moments.Add(row, weight);
        else
            AddWithMissing(row, weight);
        if (weight > 0)
            _twoValued.Add(row);
        _sample?.Add(row);
        _words = null;
    }

    /// <summary>Once a value is missing, each column has rows of its own.</summary>
    private void AddWithMissing(ReadOnlySpan<float> row, double weight)
    {
        for (var column = 0; column < row.Length; column++)
        {
            if (float.IsNaN(row[column]))
                NoteMissing(column, weight);
            else if (weight > 0)
                _moments.AddToColumn(row[column], column, weight, WeightOf(column));
        }
    }

    private void NoteMissing(int column, double weight)
    {
        _isMissing ??= new bool[Columns];
        _isMissing[column] = true;
        _missingWeights ??= new double[Columns];
        _missingWeights[column] += weight;
    }

    /// <summary>Takes in a sparse row.</summary>
    /// <param name="columns">The columns of the values, ascending.</param>
    /// <param name="values">Finite or missing: not-a-number; all others of the row are 0.</param>
    /// <param name="weight">At least 0.</param>
    public void Add(ReadOnlySpan<int> columns, ReadOnlySpan<float> values, double weight = 1)
    {
        _weight += weight;
        _rows++;
        _sparseSample!.Add(columns, values);
        _sample = null;
        for (var i = 0; i < columns.Length; i++)
        {
            var column = columns[i];
            _stored[column]++;
            if (weight > 0)
                _twoValued.Add(values[i], column);
            if (float.IsNaN(values[i]))
            {
                NoteMissing(column, weight);
            }
            else if (values[i] != 0 && weight > 0)
            {
                _nonZeroWeights[column] += weight;
                _moments.AddToColumn(values[i], column, weight, _nonZeroWeights[column]);
            }
        }
    }

    private IEnumerable<int> NumbersOf(SparseRowSample sample)
    {
        var several = sample.WithSeveralValues();
        var stored = Enumerable.Range(0, Columns).Where(column => _stored[column] == _rows);
        return several.Count > MostSparseNumbers ? stored : several.Union(stored).Order();
    }

    /// <summary>The mean and the variance of a channel's values, in all columns with a step of so many channels. All columns have the same weight: where channels are several columns, none misses a value.</summary>
    private (double Mean, double Variance) MomentsOf(int channel, int channels)
    {
        var (mean, variationOfMeans, variances, count) = (0.0, 0.0, 0.0, 0);
        for (var column = channel; column < Columns; column += channels)
        {
            // One after the other, so that means that are all the same have a variation of exactly 0.
            RunningMoments.Add(Mean(column), ++count, ref mean, ref variationOfMeans);
            variances += Variance(column);
        }

        return (mean, (variances + variationOfMeans) / count);
    }

    private (double Center, double Deviation)? BulkOf(int column, double deviation) => Sample?.BulkBelow(deviation / FarFromBulk, column);

    /// <summary>The weight of the rows that have a value in a column.</summary>
    private double WeightOf(int column) => _weight - (_missingWeights?[column] ?? 0);

    /// <summary>The weight of the values that a column's moments are of.</summary>
    private double WeightOfMoments(int column) => _isSparse ? _nonZeroWeights[column] : WeightOf(column);
}
