using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// A few threads that work together for the length of a training. Between two pieces of work they spin for some microseconds, which is what makes handing
/// over work of microseconds worthwhile, and then sleep. Used by one thread at a time.
/// </summary>
internal sealed unsafe class Crew : IDisposable
{
    private const int SpinsBeforeSleep = 2000;
    private const int SpinsBeforeYield = 200;

    private readonly Worker[] _workers;

    // What to do: written before the ticket of each worker, read after it.
    private delegate*<void*, int, int, void> _do;
    private void* _work;
    private int _parts;
    private volatile bool _isStopping;

    /// <param name="threads">How many work together, the caller among them; at least 1.</param>
    public Crew(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _workers = new Worker[threads - 1];
        for (var i = 0; i < _workers.Length; i++)
            _workers[i] = new Worker(this, part: i + 1);
    }

    public int Threads => _workers.Length + 1;

    /// <summary>Does all parts of the work, one on each thread, and returns or throws when no thread is at it any more.</summary>
    /// <param name="work">Stays where it is until then.</param>
    /// <param name="parts">At most as many as there are threads.</param>
    /// <exception cref="InvalidOperationException">Another thread failed; what it threw is inside. What the caller's own part throws comes as it is.</exception>
    public void Run<TWork>(ref TWork work, int parts) where TWork : struct, ICrewWork
    {
        _do = &Invoke<TWork>;
        _work = Unsafe.AsPointer(ref work);
        _parts = parts;
        for (var i = 0; i < parts - 1; i++)
            _workers[i].Start();
        try
        {
            work.Do(0, parts);
        }
        finally
        {
            for (var i = 0; i < parts - 1; i++)
                _workers[i].Join();
        }

        for (var i = 0; i < parts - 1; i++)
            _workers[i].ThrowIfFailed();
    }

    /// <summary>Does all parts of the work, by a crew where there are several.</summary>
    /// <param name="crew">Null for the caller alone, who then does the only part.</param>
    /// <param name="work">Stays where it is until then.</param>
    /// <param name="parts">At most as many as there are threads.</param>
    /// <exception cref="InvalidOperationException">Another thread failed; what it threw is inside. What the caller's own part throws comes as it is.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TWork>(Crew? crew, ref TWork work, int parts) where TWork : struct, ICrewWork
    {
        if (parts > 1)
            crew!.Run(ref work, parts);
        else
            work.Do(0, 1);
    }

    /// <summary>Where a part begins, at a whole number of units; the length for the part after the last.</summary>
    public static int Cut(int length, int unit, int part, int parts) =>
        part == parts ? length : (int)((long)((length + unit - 1) / unit) * part / parts * unit);

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _isStopping = true;
        foreach (var worker in _workers)
            worker.Dispose();
    }

    private static void Invoke<TWork>(void* work, int part, int parts) where TWork : struct, ICrewWork => Unsafe.AsRef<TWork>(work).Do(part, parts);

    private sealed class Worker : IDisposable
    {
        private readonly Crew _crew;
        private readonly int _part;
        private readonly Thread _thread;
        private readonly SemaphoreSlim _wake = new(0);
        private Flags _flags;
        private Exception? _error;

        public Worker(Crew crew, int part)
        {
            _crew = crew;
            _part = part;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"MLNet.DenseNet {part}" };
            _thread.Start();
        }

        public void Start()
        {
            _error = null;
            Volatile.Write(ref _flags.Given, _flags.Given + 1);
            Interlocked.MemoryBarrier();
            if (Interlocked.Exchange(ref _flags.IsAsleep, 0) == 1)
                _wake.Release();
        }

        public void Join()
        {
            for (var spins = 0; Volatile.Read(ref _flags.Done) != _flags.Given; spins++)
            {
                if (spins < SpinsBeforeYield)
                    Thread.SpinWait(1);
                else
                    Thread.Yield();
            }
        }

        public void ThrowIfFailed()
        {
            if (_error is not null)
                throw new InvalidOperationException("One of the threads that share the work failed.", _error);
        }

        public void Dispose()
        {
            Start();
            _thread.Join();
            _wake.Dispose();
        }

        private void Loop()
        {
            for (var done = 0; ;)
            {
                Await(done);
                done++;
                if (_crew._isStopping)
                    return;

                try
                {
                    _crew._do(_crew._work, _part, _crew._parts);
                }
                catch (Exception error)
                {
                    _error = error;
                }

                Volatile.Write(ref _flags.Done, done);
            }
        }

        private void Await(int done)
        {
            for (var spins = 0; Volatile.Read(ref _flags.Given) == done; spins++)
            {
                if (spins < SpinsBeforeSleep)
                {
                    Thread.SpinWait(1);
                    continue;
                }

                // Whoever takes the flag back decides: the giver, who then releases, or this thread, where work came meanwhile.
                Interlocked.Exchange(ref _flags.IsAsleep, 1);
                if (Volatile.Read(ref _flags.Given) == done || Interlocked.Exchange(ref _flags.IsAsleep, 0) == 0)
                    _wake.Wait();
            }
        }

        /// <summary>Each on a cache line of its own, since one side spins on what the other writes.</summary>
        [StructLayout(LayoutKind.Explicit, Size = 256)]
        private struct Flags
        {
            [FieldOffset(64)]
            public int Given;

            [FieldOffset(128)]
            public int Done;

            [FieldOffset(192)]
            public int IsAsleep;
        }
    }
}
