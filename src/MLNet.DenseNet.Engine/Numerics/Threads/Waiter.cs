using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>How one thread waits for what another one changes: it spins at first, then it sleeps.</summary>
/// <param name="isOver">Whether there is nothing to wait for any more. What it reads is changed with a full barrier, such as a <see cref="Ticket"/>, before <see cref="Wake"/>.</param>
internal sealed class Waiter(Func<bool> isOver) : IDisposable
{
    // About 300 microseconds. Waking many threads takes some 50, so threads that wait for the last chunk of a large product must not sleep.
    private const int SpinsBeforeSleep = 10_000;

    private readonly AutoResetEvent _wake = new(false);
    private int _isAsleep;

    /// <summary>Waits.</summary>
    public void Wait()
    {
        for (var spin = 0; !isOver(); spin++)
        {
            if (spin == SpinsBeforeSleep)
            {
                Sleep();
                return;
            }

            Thread.SpinWait(1);
        }
    }

    /// <summary>Wakes the thread where it sleeps; called after what it waits for.</summary>
    public void Wake()
    {
        // The change and Sleep have a full barrier between what each writes and what it reads. So at least one side sees what the other wrote, and no wake-up is lost.
        if (Volatile.Read(ref _isAsleep) == 1 && Interlocked.Exchange(ref _isAsleep, 0) == 1)
            _wake.Set();
    }

    public void Dispose() => _wake.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Sleep()
    {
        var isInterrupted = false;
        while (!isOver())
        {
            // One side takes the flag back. If it is the one that wakes, it does so. If it is this one, since the wait is over meanwhile, nobody will, and it must not sleep.
            Interlocked.Exchange(ref _isAsleep, 1);
            if (isOver() && Interlocked.Exchange(ref _isAsleep, 0) == 1)
                break;
            try
            {
                _wake.WaitOne();
            }
            catch (ThreadInterruptedException)
            {
                // The caller may not leave yet: others still read its stack.
                isInterrupted = true;
            }
        }

        if (isInterrupted)
            Thread.CurrentThread.Interrupt();
    }
}
