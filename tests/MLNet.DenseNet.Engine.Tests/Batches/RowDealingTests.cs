namespace MLNet.DenseNet.Engine.Tests.Batches;

public class RowDealingTests
{
    /// <summary>Classes, and how many rows each has.</summary>
    public static TheoryData<int[]> Sizes =>
    [
        new[] { 83 }, new[] { 40, 43 }, Enumerable.Repeat(3, 20).ToArray(), Enumerable.Repeat(2, 30).ToArray(), Enumerable.Repeat(1, 20).Append(100).ToArray(),
        new[] { 0, 5, 0, 300, 1 }, new[] { 1, 1 },
    ];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_share_is_that_of_all_rows_and_to_a_row_that_of_each_class(int[] sizes)
    {
        foreach (var share in (float[])[0.05f, 0.125f, 0.2f, 0.5f, 0.9f])
        {
            foreach (var seed in (int[])[1, 2, 3])
            {
                var data = Data(sizes);
                var taken = RowDealing.Take(data, share, seed);
                var most = sizes.Sum(size => Math.Max(0, size - 1));
                Assert.Equal(Math.Min(most, (int)Math.Ceiling((double)share * data.Rows - 0.5)), taken.Count(isTaken => isTaken));
                for (var @class = 0; @class < sizes.Length; @class++)
                {
                    var ofClass = Enumerable.Range(0, data.Rows).Count(row => taken[row] && data.Class(row) == @class);
                    Assert.InRange(ofClass, 0, Math.Max(0, sizes[@class] - 1));
                    // What classes of one row cannot give, others do.
                    if (!sizes.Contains(1) && share <= 0.5f)
                        Assert.InRange(ofClass, (int)(share * sizes[@class]), (int)(share * sizes[@class]) + 1);
                }
            }
        }
    }

    [Fact]
    public void Small_classes_are_taken_from_too_another_one_with_each_seed()
    {
        int[] sizes = [.. Enumerable.Repeat(3, 20)];
        var data = Data(sizes);
        var seen = new HashSet<int>();
        for (var seed = 0; seed < 40; seed++)
        {
            var taken = RowDealing.Take(data, 0.125f, seed);
            foreach (var row in Enumerable.Range(0, data.Rows).Where(row => taken[row]))
                seen.Add(row);
        }

        Assert.Equal(7, RowDealing.Take(data, 0.125f, 1).Count(isTaken => isTaken));
        Assert.Equal(sizes.Length, seen.Select(data.Class).Distinct().Count());
        Assert.InRange(seen.Count, 50, 60);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Folds_are_of_one_size_and_of_each_class_to_a_row(int[] sizes)
    {
        foreach (var folds in (int[])[1, 4, 8, 200])
        {
            var data = Data(sizes);
            var foldOf = RowDealing.Folds(data, folds, seed: 1);
            for (var fold = 0; fold < folds; fold++)
            {
                Assert.InRange(foldOf.Count(f => f == fold), data.Rows / folds, data.Rows / folds + 1);
                for (var @class = 0; @class < sizes.Length; @class++)
                    Assert.InRange(Enumerable.Range(0, data.Rows).Count(row => foldOf[row] == fold && data.Class(row) == @class), sizes[@class] / folds, sizes[@class] / folds + 1);
            }
        }
    }

    [Fact]
    public void The_seed_decides()
    {
        var data = Data([40, 43]);
        Assert.Equal(RowDealing.Take(data, 0.3f, seed: 1), RowDealing.Take(data, 0.3f, seed: 1));
        Assert.NotEqual(RowDealing.Take(data, 0.3f, seed: 1), RowDealing.Take(data, 0.3f, seed: 2));
        Assert.NotEqual(RowDealing.Folds(data, 8, seed: 1), RowDealing.Folds(data, 8, seed: 2));
    }

    private static Dataset Data(int[] sizes)
    {
        // Not class by class, as rows of a file mostly come.
        int[] classes = [.. sizes.SelectMany((size, @class) => Enumerable.Repeat(@class, size))];
        new Random(1).Shuffle(classes);
        return sizes.Length == 1 ? Dataset.FromTargets(1, 1, new float[classes.Length], new float[classes.Length]) : Dataset.FromClasses(1, sizes.Length, new float[classes.Length], classes);
    }
}
