namespace MLNet.DenseNet.Engine.Tests.Batches;

public class RunningShareTests
{
    [Theory]
    [InlineData(0.125, 0.5)]
    [InlineData(0.3, 0.1)]
    [InlineData(0.0123, 0.77)]
    [InlineData(0.97, 0.05)]
    public void The_count_is_the_share_to_a_row(double share, double start)
    {
        var count = new RunningShare(share, start);
        Assert.Equal(0, count.DueAfter(0));
        for (var dealt = 1L; dealt < 1000; dealt++)
        {
            Assert.InRange(count.DueAfter(dealt) - count.DueAfter(dealt - 1), 0, 1);
            Assert.InRange(count.DueAfter(dealt) - share * dealt, start - 1 - 1e-9, start + 1e-9);
        }
    }

    [Theory]
    [InlineData(0.3, 0.1)]
    [InlineData(0.0123, 0.77)]
    [InlineData(0.97, 0.123)]
    public void Both_ways_round_are_one_count(double share, double start)
    {
        var count = new RunningShare(share, start);
        for (var due = 1L; due < 1000; due++)
        {
            var dealt = count.DealtWhen(due);
            // Where the share comes to a whole number, one way counts the row and the other does not yet.
            Assert.InRange(count.DueAfter(dealt + 1), due, due + 1);
            Assert.InRange(count.DueAfter(dealt - 1), due - 1, due - 1);
        }
    }

    [Fact]
    public void Of_two_whole_numbers_as_near_it_is_the_lower()
    {
        var count = new RunningShare(0.25, 0.5);
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 2], Enumerable.Range(0, 8).Select(dealt => count.DueAfter(dealt)));
    }
}
