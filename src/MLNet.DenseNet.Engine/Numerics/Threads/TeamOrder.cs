namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>What the threads of a team have to do.</summary>
/// <remarks>
/// One number announces it to all of them at once, since a thread that tells each of many others in turn is slow. It grows from work to work. Its low bits say how many threads have a part, so that the others,
/// which read it too and are not waited for, need nothing else to know that it is not for them.
/// </remarks>
internal sealed unsafe class TeamOrder
{
    private const int ThreadBits = 16;
    private const int MostThreads = (1 << ThreadBits) - 1;

    private delegate*<void*, int, int, void> _do;
    private void* _work;
    private int _parts;
    private volatile bool _isStopping;
    private Ticket _announced;

    /// <summary>The number of the work that was announced last.</summary>
    public long Number => _announced.Value;

    /// <summary>Whether the threads have to end.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Whether a work has a part for a thread.</summary>
    /// <param name="number">The work's.</param>
    /// <param name="part">The part that the thread does.</param>
    public static bool Concerns(long number, int part) => part < (number & MostThreads);

    /// <summary>Announces the next work.</summary>
    /// <param name="work">Does a part of it.</param>
    /// <param name="argument">What that is given.</param>
    /// <param name="parts">How many parts it has.</param>
    /// <param name="threads">How many threads have one, the caller among them.</param>
    public void Announce(delegate*<void*, int, int, void> work, void* argument, int parts, int threads)
    {
        _do = work;
        _work = argument;
        _parts = parts;
        Announce(threads);
    }

    /// <summary>Does a part of it.</summary>
    public void Do(int part) => _do(_work, part, _parts);

    /// <summary>Tells all threads to end.</summary>
    public void Stop()
    {
        _isStopping = true;
        Announce(MostThreads);
    }

    private void Announce(int threads) => _announced.Set((((Number >> ThreadBits) + 1) << ThreadBits) | (long)threads);
}
