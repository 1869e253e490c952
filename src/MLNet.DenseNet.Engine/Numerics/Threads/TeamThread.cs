namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>One thread of a team. It always does the same part, unless the caller does it first.</summary>
/// <remarks>
/// Each work has a number n, which the caller writes to the first ticket. The second ticket has the state: 2n - 1 once the part of work n is begun, 2n once it is done. Whoever changes it
/// from 2(n - 1) does the part: the thread changes it to 2n - 1, the caller straight to 2n. Numbers are only compared for equality, so they may overflow.
/// </remarks>
internal sealed class TeamThread : IDisposable
{
    // About 60 microseconds.
    private const int SpinsBeforeSleep = 2000;

    private readonly TeamOrder _order;
    private readonly int _part;
    private readonly Thread _thread;
    private readonly AutoResetEvent _wakesThread = new(false);
    private readonly AutoResetEvent _wakesCaller = new(false);
    private Ticket _given;
    private Ticket _state;
    private Exception? _error;

    public TeamThread(TeamOrder order, int part, Action<Thread> start)
    {
        _order = order;
        _part = part;
        _thread = new Thread(Loop) { IsBackground = true, Name = $"MLNet.DenseNet {part}" };
        start(_thread);
    }

    /// <summary>Lets the thread begin.</summary>
    public void Give()
    {
        _error = null;
        _given.Set(unchecked(_given.Value + 1), _wakesThread);
    }

    /// <summary>Does the part on the caller's thread where this one has not begun it, being asleep or without a processor.</summary>
    public void DoUnlessBegun()
    {
        var number = _given.Value;
        if (_state.TryChange(unchecked(2 * number - 2), unchecked(2 * number)))
            Do();
    }

    /// <summary>Waits for the end of a part that was given.</summary>
    public void Join()
    {
        var number = _given.Value;
        _state.AwaitOtherThan(unchecked(2 * number - 2), SpinsBeforeSleep, _wakesCaller);
        _state.AwaitOtherThan(unchecked(2 * number - 1), SpinsBeforeSleep, _wakesCaller);
    }

    public void ThrowIfFailed()
    {
        if (_error is not null)
            throw new InvalidOperationException("One of the threads that share the work failed.", _error);
    }

    /// <summary>Waits for the end of the thread, which was given the order to stop.</summary>
    public void Dispose()
    {
        _thread.Join();
        _wakesThread.Dispose();
        _wakesCaller.Dispose();
    }

    private void Loop()
    {
        for (var number = 0; ;)
        {
            number = _given.AwaitOtherThan(number, SpinsBeforeSleep, _wakesThread);
            if (_order.IsStopping)
                return;
            if (!_state.TryChange(unchecked(2 * number - 2), unchecked(2 * number - 1)))
                continue;
            Do();
            _state.Set(unchecked(2 * number), _wakesCaller);
        }
    }

    private void Do()
    {
        try
        {
            _order.Do(_part);
        }
        catch (Exception error)
        {
            _error = error;
        }
    }
}
