using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>The most fused multiply-adds that the processor does: the floor that training times are held against.</summary>
internal static class Peak
{
    /// <summary>Operations a second, of 2 for each multiply-add, on so many threads at once.</summary>
    public static double Measure(int threads)
    {
        var best = 0.0;
        for (var sample = 0; sample < 7; sample++)
        {
            var rates = new double[threads];
            using var barrier = new Barrier(threads);
            var workers = Enumerable.Range(0, threads).Select(i => new Thread(() =>
            {
                Run(1_000_000);
                barrier.SignalAndWait();
                const int Rounds = 20_000_000;
                var start = Stopwatch.GetTimestamp();
                Run(Rounds);
                rates[i] = Rounds * 12.0 * Width * 2 / Stopwatch.GetElapsedTime(start).TotalSeconds;
            })).ToArray();
            Array.ForEach(workers, w => w.Start());
            Array.ForEach(workers, w => w.Join());
            best = Math.Max(best, rates.Sum());
        }

        return best;
    }

    private static int Width => Vector512.IsHardwareAccelerated ? Simd512.Count : Vector256.IsHardwareAccelerated ? Simd256.Count : Simd128.Count;

    private static float Run(int rounds) =>
        Vector512.IsHardwareAccelerated ? Run<Simd512>(rounds) : Vector256.IsHardwareAccelerated ? Run<Simd256>(rounds) : Run<Simd128>(rounds);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe float Run<TV>(int rounds) where TV : struct, ISimd<TV>
    {
        var (x, y) = (TV.Broadcast(0.999f), TV.Broadcast(0.001f));
        TV a, b, c, d, e, f, g, h, i, j, k, l;
        a = b = c = d = e = f = g = h = i = j = k = l = x;
        for (; rounds > 0; rounds--)
        {
            a = TV.FusedMultiplyAdd(a, x, y);
            b = TV.FusedMultiplyAdd(b, x, y);
            c = TV.FusedMultiplyAdd(c, x, y);
            d = TV.FusedMultiplyAdd(d, x, y);
            e = TV.FusedMultiplyAdd(e, x, y);
            f = TV.FusedMultiplyAdd(f, x, y);
            g = TV.FusedMultiplyAdd(g, x, y);
            h = TV.FusedMultiplyAdd(h, x, y);
            i = TV.FusedMultiplyAdd(i, x, y);
            j = TV.FusedMultiplyAdd(j, x, y);
            k = TV.FusedMultiplyAdd(k, x, y);
            l = TV.FusedMultiplyAdd(l, x, y);
        }

        // Read, so that the compiler has to compute them.
        var sums = stackalloc float[TV.Count];
        (a + b + c + d + e + f + g + h + i + j + k + l).Store(sums);
        return *sums;
    }
}
