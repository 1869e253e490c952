using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

public class VectorWidthsTests
{
    [Fact]
    public void Every_element_is_done_once_and_in_order_wherever_the_range_begins_and_ends()
    {
        foreach (var first in (int[])[0, 1, 7, 16])
        {
            for (var end = first; end <= first + 100; end++)
            {
                var done = new List<int>();
                VectorWidths.Run(new Recorder(done), first, end);
                Assert.Equal(Enumerable.Range(first, end - first), done);
            }
        }
    }

    [Fact]
    public void Overlapping_vectors_do_every_element_and_only_single_lanes_do_what_fills_none()
    {
        for (var length = 0; length <= 100; length++)
        {
            var done = new List<int>();
            VectorWidths.RunOverlapping(new Recorder(done), length);
            Assert.Equal(Enumerable.Range(0, length), done.Distinct());
            Assert.InRange(done.Count, length, 2 * length);
        }
    }

    private readonly struct Recorder(List<int> done) : IVectorLoop
    {
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            for (; first <= end - TV.Count; first += TV.Count)
                done.AddRange(Enumerable.Range(first, TV.Count));
            return first;
        }
    }
}
