using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Threads that work together for the length of a training. Between two pieces of work they spin for some hundred microseconds before they sleep, so that handing over even work of microseconds
/// pays. Used by one thread at a time.
/// </summary>
/// <remarks>
/// Other work may take the processors. The caller then does the parts that other threads have not begun, sleeps until those that are begun are done, and gives work to fewer threads where
/// that is faster (<see cref="ThreadAdaptation"/>). Which thread does a part changes no bit of it.
/// </remarks>
internal sealed unsafe class ThreadTeam : IDisposable
{
    /// <summary>The most threads of a team.</summary>
    public const int Most = 1024;

    // So many take some two microseconds: as long as handing over work and data, or a little more.
    private const int MinMultiplyAddsPerThread = 150_000;

    // How many teams share the processors of this process.
    private static int _live;

    private readonly TeamThread[] _workers = [];

    // Threads refer to this and not to the team, so that a team that nobody disposed of can be collected. Its finalizer ends them.
    private readonly TeamOrder _order = new();
    private readonly FirstFailure _failure = new();
    private readonly ThreadAdaptation? _adaptation;
    private AlignedBuffer? _shared;
    private long _stepBegan;
    private bool _hasShared;
    private int _isLive;

    /// <param name="threads">The most that work together, the caller among them; at least 1.</param>
    /// <param name="adapts">Whether fewer may work where that is faster.</param>
    /// <param name="start">Starts a thread; null for <see cref="Thread.Start()"/>.</param>
    /// <exception cref="OutOfMemoryException">The system starts no more threads.</exception>
    public ThreadTeam(int threads, bool adapts = true, Action<Thread>? start = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _workers = new TeamThread[threads - 1];
        Chunks = new TakenChunks(threads);
        if (threads == 1)
        {
            GC.SuppressFinalize(this);
            return;
        }

        _isLive = 1;
        var live = Interlocked.Increment(ref _live);
        _adaptation = adapts ? new ThreadAdaptation(threads, start: Math.Max(1, threads / live)) : null;
        try
        {
            for (var i = 0; i < _workers.Length; i++)
                _workers[i] = new TeamThread(_order, _failure, part: i + 1, start ?? (thread => thread.Start()));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Ends the threads of a team that nobody disposed of.</summary>
    ~ThreadTeam() => Stop();

    /// <summary>The most threads that work together.</summary>
    public int Threads => _workers.Length + 1;

    /// <summary>For work that is done chunk by chunk: which chunks are taken.</summary>
    public TakenChunks Chunks { get; }

    /// <summary>Memory that the threads fill and read together, kept as long as the team.</summary>
    /// <param name="length">How many values are needed. What it holds is undefined.</param>
    public float* Shared(int length)
    {
        if (_shared is null || _shared.Length < length)
            _shared = new AlignedBuffer(length);
        return _shared.Pointer;
    }

    /// <summary>How many of them get work at present; stays the same while they work.</summary>
    public int ActiveThreads => _adaptation?.Threads ?? Threads;

    /// <summary>How many threads some work is worth.</summary>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="multiplyAdds">How much it is, in multiply-adds of a dense product.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ThreadsFor(ThreadTeam? team, long multiplyAdds) => team is null ? 1 : (int)Math.Clamp(multiplyAdds / MinMultiplyAddsPerThread, 1, team.ActiveThreads);

    /// <summary>Begins a step: work that is done again and again, such as a batch, by whose time the number of threads is chosen.</summary>
    public void BeginStep()
    {
        // Steps that share nothing are not timed: they take microseconds, and reading the clock would be felt.
        _stepBegan = _adaptation is not null && (_hasShared || _adaptation.Threads < Threads) ? Stopwatch.GetTimestamp() : 0;
        _hasShared = false;
    }

    /// <summary>Ends it.</summary>
    /// <param name="size">How much it was, in any unit, such as rows.</param>
    public void EndStep(int size)
    {
        if (_stepBegan != 0)
            _adaptation!.Add(Stopwatch.GetTimestamp() - _stepBegan, size);
    }

    /// <summary>Does all parts of the work, and returns when no thread is at it any more. Then it throws what a part has thrown, of several the first one, as it was thrown, on whichever thread.</summary>
    /// <param name="work">Must not move until then, as threads read it where it lies.</param>
    /// <param name="parts">How many; the caller does those beyond the threads.</param>
    /// <exception cref="ObjectDisposedException">The threads were ended.</exception>
    public void Run<TWork>(ref TWork work, int parts) where TWork : struct, ITeamWork
    {
        ObjectDisposedException.ThrowIf(_order.IsStopping, this);
        _hasShared = true;
        _failure.Clear();
        var workers = _workers.AsSpan(0, Math.Min(parts - 1, _workers.Length));
        _order.Announce(&Invoke<TWork>, Unsafe.AsPointer(ref work), parts, threads: workers.Length + 1);
        try
        {
            foreach (var worker in workers)
                worker.Wake();
            Do(ref work, 0, parts);
            for (var part = Threads; part < parts; part++)
                Do(ref work, part, parts);
            foreach (var worker in workers)
                worker.DoUnlessBegun();
        }
        finally
        {
            foreach (var worker in workers)
                worker.Join();
            GC.KeepAlive(this);
        }

        _failure.ThrowIfAny();
    }

    /// <summary>Does all parts of the work, by a team where there are several. What a part throws comes as it was thrown, of several the first one.</summary>
    /// <param name="team">Null for the caller alone, who then does all parts.</param>
    /// <param name="work">Must not move until then, as threads read it where it lies.</param>
    /// <param name="parts">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TWork>(ThreadTeam? team, ref TWork work, int parts) where TWork : struct, ITeamWork
    {
        if (parts > 1 && team is not null)
        {
            team.Run(ref work, parts);
            return;
        }

        for (var part = 0; part < parts; part++)
            work.Do(part, parts);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        Stop();
        foreach (var worker in _workers)
            worker?.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets the threads end, without waiting for it.</summary>
    private void Stop()
    {
        if (Interlocked.Exchange(ref _isLive, 0) == 1)
            Interlocked.Decrement(ref _live);
        _order.Stop();
        foreach (var worker in _workers)
            worker?.Wake();
    }

    private void Do<TWork>(ref TWork work, int part, int parts) where TWork : struct, ITeamWork
    {
        try
        {
            work.Do(part, parts);
        }
        catch (Exception error)
        {
            _failure.Add(part, error);
        }
    }

    private static void Invoke<TWork>(void* work, int part, int parts) where TWork : struct, ITeamWork => Unsafe.AsRef<TWork>(work).Do(part, parts);
}
