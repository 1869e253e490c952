namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>One thread of a team. It always does the same part, unless the caller does it first.</summary>
/// <remarks>
/// The state tells how far work number n is (<see cref="TeamOrder"/>): 2n - 1 once this thread's part is begun, 2n once it is done; until then it is less. Whoever changes it from less does the part: the thread changes it to
/// 2n - 1, the caller straight to 2n.
/// </remarks>
internal sealed class TeamThread : IDisposable
{
    private readonly TeamOrder _order;
    private readonly FirstFailure _failure;
    private readonly int _part;
    private readonly Thread _thread;
    private readonly Waiter _thisThread;
    private readonly Waiter _caller;
    private Ticket _state;

    /// <param name="order">What the threads of the team have to do.</param>
    /// <param name="failure">Takes what a part throws.</param>
    /// <param name="part">The part that this thread does.</param>
    /// <param name="start">Starts the thread.</param>
    public TeamThread(TeamOrder order, FirstFailure failure, int part, Action<Thread> start)
    {
        _order = order;
        _failure = failure;
        _part = part;
        _thisThread = new Waiter(() => order.IsStopping || (order.Number is var number && TeamOrder.Concerns(number, part) && !IsBegun(number)));
        _caller = new Waiter(() => IsDone(order.Number));
        _thread = new Thread(Loop) { IsBackground = true, Name = $"MLNet.DenseNet {part}" };
        start(_thread);
    }

    /// <summary>Wakes the thread where it sleeps; called once work is announced.</summary>
    public void Wake() => _thisThread.Wake();

    /// <summary>Does the part on the caller's thread where this one has not begun it, being asleep or without a processor.</summary>
    public void DoUnlessBegun()
    {
        var number = _order.Number;
        if (TryTake(number, 2 * number))
            Do();
    }

    /// <summary>Waits for the end of the part.</summary>
    public void Join()
    {
        if (!IsDone(_order.Number))
            _caller.Wait();
    }

    /// <summary>Waits for the end of the thread, which was given the order to stop.</summary>
    public void Dispose()
    {
        _thread.Join();
        _thisThread.Dispose();
        _caller.Dispose();
    }

    private bool IsBegun(long number) => _state.Value >= 2 * number - 1;

    private bool IsDone(long number) => _state.Value >= 2 * number;

    private bool TryTake(long number, long state) => _state.Value is var current && current < 2 * number - 1 && _state.TryChange(current, state);

    private void Loop()
    {
        while (true)
        {
            _thisThread.Wait();
            if (_order.IsStopping)
                return;
            var number = _order.Number;
            if (!TeamOrder.Concerns(number, _part) || !TryTake(number, 2 * number - 1))
                continue;
            Do();
            _state.Set(2 * number);
            _caller.Wake();
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
            _failure.Add(_part, error);
        }
    }
}
