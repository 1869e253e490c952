namespace MLNet.DenseNet.Engine.Tests;

public class AllocatedBytesTests
{
    [Fact]
    public void What_is_allocated_is_counted() => Assert.InRange(AllocatedBytes.Of(() => GC.KeepAlive(new object())), 16, 32);
}
