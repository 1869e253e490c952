using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Runs loops over elements or columns in the vectors that the processor has: the widest do what fills them, the next ones the rest, and single lanes the tail. The <see cref="MacroKernel"/>
/// chooses the width of a micro-panel by itself, since it also pads a few columns to a vector.
/// </summary>
internal static class VectorWidths
{
    /// <summary>Runs a loop over [first, end). Inlined, so that a loop which is inlined too has its fields in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TLoop>(in TLoop loop, int first, int end) where TLoop : struct, IVectorLoop, allows ref struct
    {
        if (Vector512.IsHardwareAccelerated && end - first >= Simd512.Count)
            first = loop.Run<Simd512>(first, end);
        if (Vector256.IsHardwareAccelerated && end - first >= Simd256.Count)
            first = loop.Run<Simd256>(first, end);
        if (Vector128.IsHardwareAccelerated && end - first >= Simd128.Count)
            first = loop.Run<Simd128>(first, end);
        if (first < end)
            loop.Run<Scalar>(first, end);
    }

    /// <summary>Runs a loop over [0, <paramref name="length"/>) in which an element may be done twice: the last vector overlaps the one before it, instead of a tail of narrower ones. Single lanes do only what fills no vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RunOverlapping<TLoop>(in TLoop loop, int length) where TLoop : struct, IVectorLoop, allows ref struct
    {
        if (Vector512.IsHardwareAccelerated && length >= Simd512.Count)
            Overlapping<TLoop, Simd512>(in loop, length);
        else if (Vector256.IsHardwareAccelerated && length >= Simd256.Count)
            Overlapping<TLoop, Simd256>(in loop, length);
        else if (Vector128.IsHardwareAccelerated && length >= Simd128.Count)
            Overlapping<TLoop, Simd128>(in loop, length);
        else
            loop.Run<Scalar>(0, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Overlapping<TLoop, TV>(in TLoop loop, int length)
        where TLoop : struct, IVectorLoop, allows ref struct
        where TV : struct, ISimd<TV>
    {
        if (loop.Run<TV>(0, length) < length)
            loop.Run<TV>(length - TV.Count, length);
    }
}
