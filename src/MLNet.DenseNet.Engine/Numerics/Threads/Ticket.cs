using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A number that one thread changes and another waits for: spinning at first, then asleep. It has a cache line of its own, since one side spins on what the other writes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct Ticket
{
    [FieldOffset(64)]
    private int _value;

    [FieldOffset(68)]
    private int _isAsleep;

    public readonly int Value => _value;

    /// <summary>Changes the number, and wakes the thread that waits for it.</summary>
    /// <param name="value">Another number than before.</param>
    /// <param name="wake">What it sleeps on.</param>
    public void Set(int value, AutoResetEvent wake)
    {
        // A full barrier between writing the number and reading the flag; SleepWhile has one between the flag and the number. So at least one side sees what the other wrote, and no wake-up is lost.
        Interlocked.Exchange(ref _value, value);
        if (Volatile.Read(ref _isAsleep) == 1 && Interlocked.Exchange(ref _isAsleep, 0) == 1)
            wake.Set();
    }

    /// <summary>Changes the number where it is the expected one. It wakes nobody, so nobody may sleep on it.</summary>
    public bool TryChange(int expected, int value) => Interlocked.CompareExchange(ref _value, value, expected) == expected;

    /// <summary>Waits while the number stays the same.</summary>
    /// <param name="value">The number to wait for the end of.</param>
    /// <param name="spins">How often to look before falling asleep.</param>
    /// <param name="wake">What to sleep on.</param>
    /// <returns>The number.</returns>
    public int AwaitOtherThan(int value, int spins, AutoResetEvent wake)
    {
        for (var spin = 0; ; spin++)
        {
            if (Volatile.Read(ref _value) is var current && current != value)
                return current;
            if (spin == spins)
                return SleepWhile(value, wake);
            Thread.SpinWait(1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int SleepWhile(int value, AutoResetEvent wake)
    {
        var isInterrupted = false;
        while (Volatile.Read(ref _value) == value)
        {
            // One side takes the flag back. If it is the one that changes the number, it wakes this one. If it is this one, since the number has changed meanwhile, nobody will, and it must not sleep.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (Volatile.Read(ref _value) != value && Interlocked.Exchange(ref _isAsleep, 0) == 1)
                break;
            try
            {
                wake.WaitOne();
            }
            catch (ThreadInterruptedException)
            {
                // The caller may not leave yet: others still read its stack.
                isInterrupted = true;
            }
        }

        if (isInterrupted)
            Thread.CurrentThread.Interrupt();
        return Volatile.Read(ref _value);
    }
}
