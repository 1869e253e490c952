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

    /// <summary>A training that goes on, and one that is run again with a later version, hold out what they held out before.</summary>
    [Fact]
    public void The_rows_stay_the_same_from_version_to_version()
    {
        using var taken = new ChecksumStream(Stream.Null);
        using var folded = new ChecksumStream(Stream.Null);
        using var streamed = new ChecksumStream(Stream.Null);
        foreach (var sizes in Sizes.Select(row => row.Data).Append([5000, 3000, 7]))
        {
            var data = Data(sizes);
            foreach (var seed in (int[])[0, 1, -7, int.MaxValue])
            {
                foreach (var share in (float[])[1e-9f, 0.004f, 0.05f, 0.1f, 0.125f, 0.2f, 1 / 3f, 0.5f, 0.9f, 0.999f])
                {
                    taken.Write(Array.ConvertAll(RowDealing.Take(data, share, seed), Convert.ToByte));
                    var dealing = new StreamDealing(data.ClassCount, share, seed);
                    for (var row = 0; row < 3 * data.Rows; row++)
                        streamed.Write([Convert.ToByte(dealing.Takes(data.Class(row % data.Rows)))]);
                }

                foreach (var folds in (int[])[1, 3, 8, 200])
                    folded.Write(Array.ConvertAll(RowDealing.Folds(data, folds, seed), Convert.ToByte));
            }
        }

        Assert.Equal((0xa09f7172u, 0x676a66f1u, 0x504585a5u), (taken.Checksum, folded.Checksum, streamed.Checksum));
    }

    /// <summary>Take rounds its count to the nearest row, which is a count that starts half a share late. So it takes the fold in the middle, where each class has enough rows.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(32)]
    public void A_share_is_a_fold(int folds)
    {
        var data = Data([200, 300, 330]);
        Assert.Equal(RowDealing.Take(data, 1f / folds, seed: 3), RowDealing.Folds(data, folds, seed: 3).Select(fold => fold == folds / 2));
    }

    private static Dataset Data(int[] sizes)
    {
        // In random order, as the rows of most files are not sorted by class.
        int[] classes = [.. sizes.SelectMany((size, @class) => Enumerable.Repeat(@class, size))];
        new Random(1).Shuffle(classes);
        return sizes.Length == 1 ? Dataset.FromTargets(1, 1, new float[classes.Length], new float[classes.Length]) : Dataset.FromClasses(1, sizes.Length, new float[classes.Length], classes);
    }
}
