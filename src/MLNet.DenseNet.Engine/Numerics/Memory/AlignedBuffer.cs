using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A zeroed block of float32 that starts at a multiple of 64 bytes (a cache line, a 512-bit vector) and never moves.</summary>
internal sealed class AlignedBuffer
{
    /// <summary>How many floats an aligned unit holds.</summary>
    public const int Alignment = 16;

    /// <summary>The longest block. A little below 2^31, so that an index may step beyond its end by a chunk of 2^15 and still be a number.</summary>
    public const int MaxLength = int.MaxValue & ~0xFFFF;

    private readonly float[] _array;
    private readonly int _start;

    /// <param name="length">Elements; a product of sizes comes as it is, in 64 bits.</param>
    /// <exception cref="ArgumentOutOfRangeException">One block cannot hold so many.</exception>
    public unsafe AlignedBuffer(long length)
    {
        if (length is < 0 or > MaxLength)
            throw new ArgumentOutOfRangeException(nameof(length), length, FormattableString.Invariant($"A block of memory holds at most {MaxLength:N0} values; {length:N0} are asked for."));
        Length = (int)length;
        _array = GC.AllocateArray<float>(Length + Alignment - 1, pinned: true);
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
