namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

public class CodeColumnsTests
{
    private const int Rows = 3000;

    // A code, the same with a missing value now and then, one that labels follow smoothly, one that tells nothing, a code of few values, one that is no whole number.
    private const int Inputs = 6;

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(2, 1.0)]
    [InlineData(3, 1.0)]
    public void A_number_whose_labels_jump_from_value_to_value_is_a_code(int classes, double noise)
    {
        var rows = Data(classes, noise);
        Assert.Equal([0, 1], CodeColumns.Of(rows, [0, 1, 2, 3, 4, 5], fewestValues: 129));
        Assert.Equal([0], CodeColumns.Of(rows, [0, 3], fewestValues: 129));
        Assert.Empty(CodeColumns.Of(rows, [0, 1], fewestValues: 300));
    }

    [Fact]
    public void Codes_of_too_few_rows_are_none() => Assert.Empty(CodeColumns.Of(new RowSubset(Data(0, 1).Data, [.. Enumerable.Range(0, 700)]), [0, 1, 2, 3, 4, 5], fewestValues: 129));

    [Fact]
    public void Where_nothing_is_told_there_is_none() => Assert.Empty(CodeColumns.Of(Data(0, 200), [0, 1, 2, 3, 4, 5], fewestValues: 129));

    /// <summary>Times in seconds within sixty days, of which the hour of the day counts, and numbers that labels follow along a curve, at a step or not at all.</summary>
    [Theory]
    [InlineData(0, 4000)]
    [InlineData(2, 4000)]
    [InlineData(0, 40_000)]
    public void A_number_whose_labels_change_within_every_usual_bin_is_one_too(int classes, int count)
    {
        const int Columns = 4;
        var random = new Random(7);
        var (features, targets) = (new float[count * Columns], new float[count]);
        for (var row = 0; row < count; row++)
        {
            var numbers = features.AsSpan(row * Columns, Columns);
            for (var column = 0; column < Columns; column++)
                numbers[column] = column == 0 ? (float)(1.7e9 + 60 * 86_400 * random.NextDouble()) : random.NextSingle();
            targets[row] = (float)(Math.Sin(2 * Math.PI * numbers[0] / 86_400) + 2 * numbers[1] * numbers[1] + (numbers[2] > 0.5f ? 1 : 0) + random.NextDouble() - 2);
        }

        var data = classes == 0 ? Dataset.FromTargets(Columns, 1, features, targets) : Dataset.FromClasses(Columns, classes, features, Array.ConvertAll(targets, target => target < 0 ? 0 : 1));
        Assert.Equal([0], CodeColumns.Of(RowSubset.All(data), [0, 1, 2, 3], fewestValues: 129));
        Assert.Empty(CodeColumns.Of(new RowSubset(data, [.. Enumerable.Range(0, 2000)]), [0, 1, 2, 3], fewestValues: 129));
    }

    /// <summary>Those that are codes have a bin for each value; the others as many as before.</summary>
    [Fact]
    public void Bins_of_other_columns_stay_as_many()
    {
        float[] values = [.. Enumerable.Range(0, 200).Select(value => (float)value)];
        Assert.Equal([.. values, .. Enumerable.Repeat(float.MaxValue, 101)], ColumnBins.Edges(values, 300));
        var few = ColumnBins.Edges(values, 300, most: 4);
        Assert.Equal([0, 49, 99, 149, 199], few[..5]);
        Assert.All(few[5..], edge => Assert.Equal(float.MaxValue, edge));
    }

    private static RowSubset Data(int classes, double noise)
    {
        var random = new Random(5);
        double[] effects = [.. Enumerable.Range(0, 200).Select(_ => 4 * random.NextDouble() - 2)];
        var (features, targets) = (new float[Rows * Inputs], new float[Rows]);
        for (var row = 0; row < Rows; row++)
        {
            var (code, other) = (random.Next(200), random.Next(200));
            var row0 = row * Inputs;
            (features[row0], features[row0 + 1], features[row0 + 2], features[row0 + 3], features[row0 + 4], features[row0 + 5]) =
                (1000 + code, row % 50 == 0 ? float.NaN : code, other, random.Next(200), code % 50, code + 0.5f);
            targets[row] = (float)(effects[code] + Math.Sin(other / 20.0) + noise * (random.NextDouble() - 0.5));
        }

        return RowSubset.All(classes == 0 ? Dataset.FromTargets(Inputs, 1, features, targets) : Dataset.FromClasses(Inputs, classes, features, Array.ConvertAll(targets, target => target < 0 ? 0 : target < 1 ? 1 : classes - 1)));
    }
}
