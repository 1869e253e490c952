using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A zeroed block of float32 that starts at a multiple of 64 bytes (a cache line, a 512-bit vector) and never moves.</summary>
internal sealed class AlignedBuffer
{
    /// <summary>How many floats an aligned unit holds.</summary>
    public const int Alignment = 16;

    private readonly float[] _array;
    private readonly int _start;

    public unsafe AlignedBuffer(int length)
    {
        Length = length;
        _array = GC.AllocateArray<float>(length + Alignment - 1, pinned: true);
        fixed (float* first = _array)
            _start = (int)(-((nint)first / sizeof(float)) & (Alignment - 1));
    }

    public int Length { get; }

    public Span<float> Span => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start), Length);

    /// <summary>The first element; valid as long as this object is reachable.</summary>
    public unsafe float* Pointer => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array)) + _start;

    /// <summary>The next length that is a whole number of aligned units.</summary>
    public static long RoundUp(long length) => (length + Alignment - 1) & ~(Alignment - 1L);
}
