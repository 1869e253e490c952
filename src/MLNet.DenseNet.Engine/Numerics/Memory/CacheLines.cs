using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Hints on how memory moves, for accesses that the processor cannot foresee. They change no result.</summary>
internal static unsafe class CacheLines
{
    /// <summary>Prefetches values that are soon used into all levels of the cache. Does nothing on processors other than x64.</summary>
    /// <param name="first">The first value; null for none.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* first, int count)
    {
        if (!Sse.IsSupported || first == null)
            return;
        for (var i = 0; i < count; i += AlignedBuffer.Alignment)
            Sse.Prefetch0(first + i);
    }

    /// <summary>Copies with non-temporal stores, which go past the caches: the thread does not wait for other cores to give up their copies of the destination.</summary>
    /// <param name="source">(count).</param>
    /// <param name="destination">(count), at the beginning of a cache line.</param>
    /// <param name="count">A multiple of the floats of a cache line.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(float* source, float* destination, int count)
    {
        for (var i = 0; i < count; i += Vector256<float>.Count)
            Vector256.StoreAlignedNonTemporal(Vector256.Load(source + i), destination + i);
    }

    /// <summary>A fence after <see cref="Stream"/>: other threads see what was streamed before they see anything that this thread writes later.</summary>
    public static void EndStream() => Interlocked.MemoryBarrier();
}
