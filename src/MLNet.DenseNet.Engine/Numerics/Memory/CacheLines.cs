using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>How memory moves, where the processor cannot guess what comes next. Changes no result.</summary>
internal static unsafe class CacheLines
{
    private const int Floats = 16;

    /// <summary>Asks for values before they are used.</summary>
    /// <param name="first">Where the values begin; null for none.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* first, int count)
    {
        if (!Sse.IsSupported || first == null)
            return;
        for (var i = 0; i < count; i += Floats)
            Sse.Prefetch0(first + i);
    }

    /// <summary>Copies past the caches, for other threads to read: nobody waits until they have given up what they still hold of the destination.</summary>
    /// <param name="source">(count).</param>
    /// <param name="destination">(count), at the beginning of a line.</param>
    /// <param name="count">Whole lines.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(float* source, float* destination, int count)
    {
        for (var i = 0; i < count; i += Vector256<float>.Count)
            Vector256.StoreAlignedNonTemporal(Vector256.Load(source + i), destination + i);
    }

    /// <summary>What was streamed comes before all that this thread writes from here on.</summary>
    public static void EndStream() => Interlocked.MemoryBarrier();
}
