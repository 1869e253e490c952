using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public unsafe class PinnedArrayTests
{
    [Fact]
    public void Pointer_stays_that_of_the_elements_when_memory_is_collected()
    {
        var array = new PinnedArray<double>(1000);
        Assert.Equal(new double[1000], array.Span.ToArray());
        var before = (nint)array.Pointer;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        array[7] = 0.5;
        Assert.Equal(before, (nint)array.Pointer);
        Assert.Equal(0.5, array.Pointer[7]);
    }

    /// <summary>A null pointer stands for no array at all; an array without elements is one.</summary>
    [Fact]
    public void Pointer_is_null_only_where_there_is_no_array()
    {
        Assert.True(default(PinnedArray<int>).Pointer == null);
        Assert.False(new PinnedArray<int>(0).Pointer == null);
        Assert.Equal(0, default(PinnedArray<int>).Length);
        Assert.True(default(PinnedArray<int>).Span.IsEmpty);
    }
}
