using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Float32 values, at first 0, that begin at a multiple of 64 bytes (a cache line, a 512-bit vector) and never move.</summary>
internal sealed unsafe class AlignedBuffer
{
    /// <summary>The floats of a cache line.</summary>
    public const int Alignment = 16;

    /// <summary>The most values. A little below 2^31, so that an index that steps past the end by up to 2^15 still fits an int.</summary>
    public const int MaxLength = int.MaxValue & ~0xFFFF;

    private readonly PinnedArray<float> _array;
    private readonly int _start;

    /// <param name="length">The number of values. In 64 bits, so that a product of sizes cannot overflow on its way here.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is above <see cref="MaxLength"/>.</exception>
    public AlignedBuffer(long length)
    {
        if (length is < 0 or > MaxLength)
            throw new ArgumentOutOfRangeException(nameof(length), length, FormattableString.Invariant($"A block of memory holds at most {MaxLength:N0} values; {length:N0} are asked for."));
        Length = (int)length;
        _array = new PinnedArray<float>(Length + Alignment - 1);
        _start = (int)(-((nint)_array.Pointer / sizeof(float)) & (Alignment - 1));
        Pointer = _array.Pointer + _start;
    }

    public int Length { get; }

    /// <summary>How often those who write into it said so: what was computed from the values may be kept until this changes.</summary>
    public long Version { get; private set; }

    /// <summary>Says that values are changed.</summary>
    public void NoteChange() => Version++;

    public Span<float> Span => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _array.First, _start), Length);

    /// <summary>The first value; valid as long as this object is reachable.</summary>
    public float* Pointer { get; }

    /// <summary>The length rounded up to whole cache lines.</summary>
    public static long RoundUp(long length) => (length + Alignment - 1) & ~(Alignment - 1L);
}
