using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Memory that is asked for before it is used, where the processor cannot guess what comes next. Changes no result.</summary>
internal static unsafe class CacheLines
{
    private const int Floats = 16;

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
}
