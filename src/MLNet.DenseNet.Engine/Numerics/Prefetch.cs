using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Asks the processor for memory before it is needed. Changes no result.</summary>
internal static class Prefetch
{
    /// <summary>Fetches at most the first 8 KiB of a span; the processor's own prefetching does the rest.</summary>
    public static unsafe void Span(ReadOnlySpan<float> values)
    {
        const int MostElements = 2048;
        if (!Sse.IsSupported)
            return;
        var first = (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(values));
        for (var i = 0; i < Math.Min(values.Length, MostElements); i += AlignedBuffer.Alignment)
            Sse.Prefetch0(first + i);
    }
}
