namespace MLNet.DenseNet.Engine.Tests.Batches;

public class StreamDealingTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.125)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void The_share_is_that_of_all_rows_and_of_each_class(double share)
    {
        foreach (var seed in (int[])[1, 2, 3])
        {
            var numbers = new StreamDealing(0, share, seed);
            Assert.InRange(Enumerable.Range(0, 1000).Count(_ => numbers.Takes(0)) - 1000 * share, -2, 2);

            // Of three classes, mixed and one after the other.
            foreach (var classOf in (Func<int, int>[])[row => row % 7 == 0 ? 2 : row % 2, row => row / 400])
            {
                var dealing = new StreamDealing(3, share, seed);
                var taken = new int[3];
                var sizes = new int[3];
                for (var row = 0; row < 1000; row++)
                {
                    sizes[classOf(row)]++;
                    taken[classOf(row)] += dealing.Takes(classOf(row)) ? 1 : 0;
                }

                for (var @class = 0; @class < 3; @class++)
                    Assert.InRange(taken[@class] - (sizes[@class] - 1) * share, -2, 2);
            }
        }
    }

    [Fact]
    public void Small_classes_give_rows_as_well_but_never_their_first()
    {
        var (dealing, taken) = (new StreamDealing(400, 0.125, seed: 1), new int[3]);
        for (var row = 0; row < 1200; row++)
            taken[row % 3] += dealing.Takes(row / 3) ? 1 : 0;
        Assert.Equal(0, taken[0]);
        // An eighth of the other two, each of them alike.
        Assert.InRange(taken[1], 35, 65);
        Assert.InRange(taken[2], 35, 65);
    }

    [Fact]
    public void The_seed_decides_and_no_place_is_taken_more_often()
    {
        var counts = new int[80];
        for (var seed = 0; seed < 400; seed++)
        {
            var (dealing, same) = (new StreamDealing(0, 0.125, seed), new StreamDealing(0, 0.125, seed));
            for (var row = 0; row < counts.Length; row++)
            {
                var isTaken = dealing.Takes(0);
                Assert.Equal(isTaken, same.Takes(0));
                counts[row] += isTaken ? 1 : 0;
            }
        }

        // Each with probability 1/8: 50 of 400, with a deviation of 6.6.
        Assert.All(counts, count => Assert.InRange(count, 20, 80));
    }
}
