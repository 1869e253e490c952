namespace MLNet.DenseNet.Engine.Tests.Batches;

public class FeatureStatisticsTests
{
    // More than one vector of any width, and a tail.
    private const int Columns = 19;
    private const int Rows = 57;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Agree_with_two_passes_over_the_values(bool sparse)
    {
        var values = Values();
        var statistics = Gather(values, sparse);
        Assert.Equal(Columns, statistics.Columns);
        for (var column = 0; column < Columns; column++)
        {
            var ofColumn = Enumerable.Range(0, Rows).Select(row => (double)values[row * Columns + column]).ToArray();
            var nonZero = ofColumn.Where(value => value != 0).ToArray();
            var mean = ofColumn.Average();
            Assert.Equal(mean, statistics.Mean(column), 1e-12 * (1 + Math.Abs(mean)));
            var variance = ofColumn.Average(value => (value - mean) * (value - mean));
            Assert.Equal(variance, statistics.Variance(column), 1e-12 * (1 + variance));
            if (!sparse)
                continue;
            var square = nonZero.Length == 0 ? 0 : nonZero.Average(value => value * value);
            Assert.Equal(square, statistics.NonZeroMeanSquare(column, Columns), 1e-12 * (1 + square));
        }
    }

    [Fact]
    public void A_constant_column_has_no_variance_and_its_own_mean()
    {
        var statistics = new FeatureStatistics(Columns);
        for (var row = 0; row < 1000; row++)
            statistics.Add([.. Enumerable.Repeat(0.1f, Columns)]);
        for (var column = 0; column < Columns; column++)
            Assert.Equal((0.1f, 0), (statistics.Mean(column), statistics.Variance(column)));
    }

    /// <summary>Marks of what is not known, such as 1e20, would leave float32 no digits for the others; values that are only far stay a part of the deviation.</summary>
    [Theory]
    [InlineData(1e20f, true)]
    [InlineData(-1e9f, true)]
    [InlineData(1e5f, false)]
    public void A_value_far_beyond_all_others_does_not_decide_their_scale(float value, bool isLeftOut)
    {
        var statistics = new FeatureStatistics(2);
        for (var row = 0; row < 1000; row++)
            statistics.Add([row == 500 ? value : row % 100, row == 500 ? value : row < 900 ? 3 : 3.0001f * (row % 7 == 0 ? 1 : 0) + 3]);
        var (means, scales) = statistics.ToStandardization(2);
        if (isLeftOut)
        {
            Assert.InRange(means[0], 49, 51);
            Assert.InRange(1 / scales[0], 26, 29);
        }
        else
        {
            Assert.Equal((float)statistics.Mean(0), means[0]);
            Assert.Equal((float)(1 / Math.Sqrt(statistics.Variance(0))), scales[0]);
        }

        // Where nearly all values are the same, there is no other scale.
        Assert.Equal((float)statistics.Mean(1), means[1]);
        Assert.Equal((float)(1 / Math.Sqrt(statistics.Variance(1))), scales[1]);
    }

    /// <summary>Of any number of columns, those of two values are told by all rows, also where the rows that have the rare one are not sampled; so are marks of what is not known.</summary>
    [Theory]
    [InlineData(2, 40_000)]
    [InlineData(2048, 1000)]
    [InlineData(2049, 1000)]
    [InlineData(9000, 1000)]
    public void Rare_values_do_not_decide_the_scale_of_a_column_however_many_there_are(int columns, int rows)
    {
        var statistics = new FeatureStatistics(columns);
        var row = new float[columns];
        for (var i = 0; i < rows; i++)
        {
            row[0] = i == rows - 1 ? 3 : 1;
            row[1] = i % 100 == 7 ? -1e9f : i % 11;
            statistics.Add(row);
        }

        var (means, scales) = statistics.ToStandardization(columns);
        Assert.Equal(1, scales[0]);
        Assert.InRange(means[1], 4, 6);
        Assert.InRange(1 / scales[1], 2.5, 4);

        // A third value, unless its row weighs nothing.
        row[0] = 7;
        statistics.Add(row, weight: 0);
        Assert.Equal(1, statistics.ToStandardization(columns).Scales[0]);
        statistics.Add(row);
        Assert.Equal((float)(1 / Math.Sqrt(statistics.Variance(0))), statistics.ToStandardization(columns).Scales[0]);
    }

    [Fact]
    public void Columns_of_two_values_are_told_in_dense_and_sparse_rows()
    {
        var (dense, sparse) = (new TwoValuedColumns(4), new TwoValuedColumns(4));
        for (var i = 0; i < 20; i++)
        {
            float[] row = [i == 10 ? float.NaN : 5, i == 17 ? -1 : 4, i, i < 3 ? float.NaN : i % 2];
            dense.Add(row);
            for (var column = 0; column < 4; column++)
                sparse.Add(row[column], column);
        }

        Assert.Equal([null, (-1, 4), null, (0, 1)], Enumerable.Range(0, 4).Select(dense.Of));
        Assert.Equal([null, (-1, 4), null, (0, 1)], Enumerable.Range(0, 4).Select(sparse.Of));
        dense.Add([0, 7, 0, 2]);
        Assert.Equal([(0, 5), null, null, null], Enumerable.Range(0, 4).Select(dense.Of));
    }

    [Fact]
    public void A_small_variance_far_from_zero_is_not_lost()
    {
        // The squares of such values have no digits left for their differences, even in float64.
        var statistics = new FeatureStatistics(1);
        for (var row = 0; row < 1000; row++)
            statistics.Add([row % 2 == 0 ? 1e7f : 1e7f + 1]);
        Assert.Equal(0.25, statistics.Variance(0), 1e-9);
    }

    [Fact]
    public void A_subset_leaves_the_other_rows_out()
    {
        var values = Values();
        var data = Dataset.FromTargets(Columns, 1, values, new float[Rows]);
        int[] rows = [3, 50, 7];
        var features = new RowSubset(data, rows).Features;
        Assert.Equal(rows.Average(row => (double)values[row * Columns + 2]), features.Mean(2), 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_row_counts_as_often_as_it_weighs(bool sparse)
    {
        var values = Values();
        var (weighted, repeated) = (new FeatureStatistics(Columns, sparse), new FeatureStatistics(Columns, sparse));
        for (var row = 0; row < Rows; row++)
        {
            Add(weighted, values, row, sparse, weight: row % 3);
            for (var i = 0; i < row % 3; i++)
                Add(repeated, values, row, sparse);
        }

        for (var column = 0; column < Columns; column++)
        {
            Assert.Equal(repeated.Mean(column), weighted.Mean(column), 1e-11 * (1 + Math.Abs(repeated.Mean(column))));
            Assert.Equal(repeated.Variance(column), weighted.Variance(column), 1e-11 * (1 + repeated.Variance(column)));
            if (sparse)
                Assert.Equal(repeated.NonZeroMeanSquare(column, Columns), weighted.NonZeroMeanSquare(column, Columns), 1e-12 * (1 + repeated.NonZeroMeanSquare(column, Columns)));
        }
    }

    [Fact]
    public void Standardized_columns_have_mean_0_and_variance_1_but_for_constant_ones()
    {
        var (means, scales) = Gather(Values(), sparse: false).ToStandardization(Columns);
        var standardized = Values().Select((value, i) => ((double)value - means[i % Columns]) * scales[i % Columns]).ToArray();
        for (var column = 0; column < Columns; column++)
        {
            var ofColumn = standardized.Where((_, i) => i % Columns == column).ToArray();
            Assert.Equal(0, ofColumn.Average(), 1e-3);
            Assert.Equal(column == 1 ? 0 : 1, ofColumn.Average(value => value * value), 1e-3);
        }

        Assert.Equal((0, 1), (means[1], scales[1]));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Channels_are_standardized_by_the_values_of_all_their_columns(int channels, bool sparse)
    {
        const int Positions = 4;
        var columns = Positions * channels;
        var statistics = new FeatureStatistics(columns, sparse);
        var values = Samples.Numbers(Rows * columns, seed: 7).Select((value, i) => i % channels == 1 && i % 2 == 0 ? 0 : value * (1 + i % channels) + i % columns / channels).ToArray();
        for (var row = 0; row < Rows; row++)
        {
            var ofRow = values.AsSpan(row * columns, columns);
            if (sparse)
                statistics.Add([.. Enumerable.Range(0, columns)], ofRow, weight: 1 + row % 3);
            else
                statistics.Add(ofRow, weight: 1 + row % 3);
        }

        var (means, scales) = statistics.ToStandardization(channels);
        for (var column = 0; column < columns; column++)
        {
            var ofChannel = values.Select((value, i) => (Value: (double)value, Weight: 1.0 + i / columns % 3, Channel: i % columns % channels)).Where(x => x.Channel == column % channels && (x.Value != 0 || !sparse)).ToArray();
            var weight = ofChannel.Sum(x => x.Weight);
            var mean = sparse ? 0 : ofChannel.Sum(x => x.Value * x.Weight) / weight;
            var deviation = Math.Sqrt(ofChannel.Sum(x => x.Weight * (x.Value - mean) * (x.Value - mean)) / weight);
            Assert.Equal(mean, means[column], 1e-6);
            Assert.Equal(1 / deviation, scales[column], 1e-6 / deviation);
        }
    }

    [Fact]
    public void A_channel_of_one_value_is_not_scaled()
    {
        var statistics = new FeatureStatistics(7 * 2);
        for (var row = 0; row < 1000; row++)
            statistics.Add([.. Enumerable.Range(0, 7 * 2).Select(column => column % 2 == 0 ? 0.1f : column + row)]);
        var (means, scales) = statistics.ToStandardization(channels: 2);
        Assert.All(Enumerable.Range(0, 7), position => Assert.Equal((0.1f, 1), (means[2 * position], scales[2 * position])));
    }

    /// <summary>By its deviation, a category of one row in a hundred would be ten times as far from the others as one of every second row.</summary>
    [Fact]
    public void The_values_of_a_column_of_two_are_2_apart_however_rare_one_is()
    {
        var statistics = new FeatureStatistics(3);
        for (var row = 0; row < 1000; row++)
            statistics.Add([row % 100 == 0 ? 1 : 0, row % 2 == 0 ? -5 : 15, row == 0 ? 1 : row == 1 ? 2 : 0]);
        var (means, scales) = statistics.ToStandardization(channels: 3);
        Assert.Equal([0.01f, 5, 0.003f], means);
        Assert.Equal([2, 0.1f], scales[..2]);
        Assert.Equal(1 / Math.Sqrt(5e-3 - 9e-6), scales[2], 1e-4);
    }

    [Theory]
    [InlineData(1e-45f)]
    [InlineData(3e38f)]
    public void Standardization_is_finite_at_the_ends_of_float32(float value)
    {
        var statistics = new FeatureStatistics(1);
        statistics.Add([value]);
        statistics.Add([-value]);
        var (means, scales) = statistics.ToStandardization(1);
        Assert.True(float.IsFinite(means[0]) && float.IsFinite(scales[0]) && scales[0] > 0);
    }

    [Fact]
    public void Without_rows_all_are_zero()
    {
        var dense = new FeatureStatistics(1);
        Assert.Equal((0, 0), (dense.Mean(0), dense.Variance(0)));
        var statistics = new FeatureStatistics(1, isSparse: true);
        Assert.Equal((0, 0, 0), (statistics.Mean(0), statistics.Variance(0), statistics.NonZeroMeanSquare(0, 1)));
    }

    /// <summary>Columns of different scale; column 1 is 0, column 2 mostly, column 3 far from it.</summary>
    private static float[] Values()
    {
        var values = Samples.Numbers(Rows * Columns, seed: 11);
        for (var row = 0; row < Rows; row++)
        {
            values[row * Columns] *= 1e4f;
            values[row * Columns + 1] = 0;
            values[row * Columns + 2] *= row % 5 == 3 ? 3 : 0;
            values[row * Columns + 3] += 500;
        }

        return values;
    }

    private static FeatureStatistics Gather(float[] values, bool sparse)
    {
        var statistics = new FeatureStatistics(Columns, sparse);
        for (var row = 0; row < Rows; row++)
            Add(statistics, values, row, sparse);
        return statistics;
    }

    private static void Add(FeatureStatistics statistics, float[] values, int index, bool sparse, double weight = 1)
    {
        var row = values.AsSpan(index * Columns, Columns).ToArray();
        if (sparse)
        {
            // Some zeros may be stored.
            var stored = Enumerable.Range(0, Columns).Where(column => row[column] != 0 || column == 2).Reverse().ToArray();
            statistics.Add(stored, stored.Select(column => row[column]).ToArray(), weight);
        }
        else
        {
            statistics.Add(row, weight);
        }
    }
}
