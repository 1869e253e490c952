namespace MLNet.DenseNet.Engine.Tests.Training.Beginning;

/// <summary>A column that is the target, or made of it, among others that tell nothing.</summary>
public class TargetLeakageTests
{
    private const int Rows = 60;
    private const int Columns = 3;

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_value_for_each_class_is_one(int classes)
    {
        Assert.Equal(1, Of(classes, target => target));
        Assert.Equal(1, Of(classes, target => 7 - 3 * target * target));
        Assert.Equal(1, Of(classes, (target, _) => target, rows: 20_011));
    }

    [Fact]
    public void A_value_of_two_classes_and_a_class_of_two_values_are_none()
    {
        Assert.Null(Of(5, target => (int)target / 2));
        Assert.Null(Of(2, (target, row) => target + row % 4 / 2 * 2));
        for (var other = 0; other < Rows; other++)
            Assert.Null(Of(2, (target, row) => row == other ? 1 - target : target));
        Assert.Null(Of(2, (target, row) => row == 4 ? float.NaN : target));
    }

    /// <summary>What each row has for itself tells nothing.</summary>
    [Fact]
    public void Numbers_of_rows_are_none() => Assert.Null(Of(Rows, (_, row) => row));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-0.01f, 0.02f)]
    [InlineData(1e6f, -5)]
    public void So_are_numbers_along_a_line(float slope, float intercept)
    {
        Assert.Equal(1, Of(0, target => slope * target + intercept));
        Assert.Null(Of(0, (target, row) => slope * (target + (row == 17 ? 0.01f : 0)) + intercept));
        Assert.Null(Of(0, target => slope * target * target + intercept));
        Assert.Null(Of(0, (target, row) => row == 3 ? float.NaN : slope * target + intercept));
        Assert.Null(Of(0, _ => intercept));
    }

    [Fact]
    public void Targets_that_are_all_the_same_are_told_by_nothing() => Assert.Null(TargetLeakage.FirstColumn(RowSubset.All(Dataset.FromTargets(1, 1, new float[Rows], new float[Rows]))));

    /// <summary>One of many flags is set in the few rows of a rare class, or of the only other number, and in no others.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(10, false)]
    [InlineData(30, true)]
    public void Few_rows_may_be_told_by_chance(int rare, bool isTold)
    {
        const int Count = 1000;
        float[] targets = [.. Enumerable.Range(0, Count).Select(row => row < rare ? 1f : 0)];
        var features = targets.SelectMany(target => (float[])[0, target]).ToArray();
        Assert.Equal(isTold ? 1 : null, TargetLeakage.FirstColumn(RowSubset.All(Dataset.FromClasses(2, 2, features, Array.ConvertAll(targets, target => (int)target)))));
        Assert.Equal(isTold ? 1 : null, TargetLeakage.FirstColumn(RowSubset.All(Dataset.FromTargets(2, 1, features, targets))));
    }

    /// <summary>Categories of which some are rare, as one-hot vectors, and labels that have nothing to do with them.</summary>
    [Theory]
    [InlineData(100, 60, 1)]
    [InlineData(30, 40, 1)]
    [InlineData(200, 1000, 1)]
    [InlineData(200, 20_000, 20)]
    public void Labels_by_chance_are_told_by_no_category(int levels, int rows, int rare)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            int[] classes = [.. Enumerable.Range(0, rows).Select(row => row < rare ? 1 : 0)];
            var features = new float[rows * levels];
            for (var row = 0; row < rows; row++)
                features[row * levels + (int)Math.Pow(levels, random.NextDouble()) - 1] = 1;
            Assert.Null(TargetLeakage.FirstColumn(RowSubset.All(Dataset.FromClasses(levels, 2, features, classes))));
        }
    }

    private static int? Of(int classes, Func<float, float> column) => Of(classes, (target, _) => column(target));

    private static int? Of(int classes, Func<float, int, float> column, int rows = Rows)
    {
        var random = new Random(1);
        float[] targets = [.. Enumerable.Range(0, rows).Select(row => classes == 0 ? random.NextSingle() : row % classes)];
        float[] features = [.. Enumerable.Range(0, rows).SelectMany(row => (float[])[random.NextSingle(), column(targets[row], row), random.Next(2)])];
        return TargetLeakage.FirstColumn(RowSubset.All(classes == 0 ? Dataset.FromTargets(Columns, 1, features, targets) : Dataset.FromClasses(Columns, classes, features, Array.ConvertAll(targets, target => (int)target))));
    }
}
