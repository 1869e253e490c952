using System.Runtime.Intrinsics;
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
    public void The_widest_vectors_that_are_filled_run_once()
    {
        var widths = new HashSet<int>();
        for (var elements = 1; elements <= 40; elements++)
        {
            var left = VectorWidths.RunWidest(default(Width), first: 3, end: 100, elements);
            Assert.InRange(left, 3 + 1, 3 + elements);
            widths.Add(left - 3);
        }

        Assert.Equal((int[])[1, .. Widths], widths.Order());
    }

    private static IEnumerable<int> Widths
    {
        get
        {
            if (Vector128.IsHardwareAccelerated)
                yield return Vector128<float>.Count;
            if (Vector256.IsHardwareAccelerated)
                yield return Vector256<float>.Count;
            if (Vector512.IsHardwareAccelerated)
                yield return Vector512<float>.Count;
        }
    }

    /// <summary>Does one vector.</summary>
    private readonly struct Width : IVectorLoop
    {
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV> => first + TV.Count;
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
