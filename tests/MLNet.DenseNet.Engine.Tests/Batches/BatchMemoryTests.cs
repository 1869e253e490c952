namespace MLNet.DenseNet.Engine.Tests.Batches;

public class BatchMemoryTests
{
    [Fact]
    public void A_batch_that_has_no_room_is_refused_by_its_option()
    {
        Assert.Equal(60, BatchMemory.For(20, 3).Length);
        Assert.Equal(0, BatchMemory.For(0, 3).Length);
        var error = Assert.Throws<ArgumentOutOfRangeException>("BatchSize", () => BatchMemory.For(50_000, 50_000));
        Assert.Contains("BatchSize is 50000; it must be at most 42,948 here: a batch holds 50,000 values of each row", error.Message, StringComparison.Ordinal);
    }
}
