using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A number that some threads change and others wait for. It has a cache line of its own, since those who wait look at it again and again.</summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct Ticket
{
    [FieldOffset(64)]
    private long _value;

    public readonly long Value => Volatile.Read(in _value);

    /// <summary>Changes the number, with a full barrier: what was written before is seen by whoever sees it, and what is read after it is read after it.</summary>
    public void Set(long value) => Interlocked.Exchange(ref _value, value);

    /// <summary>Changes the number where it is the expected one.</summary>
    public bool TryChange(long expected, long value) => Interlocked.CompareExchange(ref _value, value, expected) == expected;
}
