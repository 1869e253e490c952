namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>What the threads of a team have to do. It is written before each thread's ticket and read after it, so that a thread sees all of it.</summary>
internal sealed unsafe class TeamOrder
{
    private delegate*<void*, int, int, void> _do;
    private void* _work;
    private int _parts;
    private volatile bool _isStopping;

    /// <summary>Whether the threads have to end.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Takes the next work.</summary>
    public void Set(delegate*<void*, int, int, void> work, void* argument, int parts)
    {
        _do = work;
        _work = argument;
        _parts = parts;
    }

    /// <summary>Does a part of it.</summary>
    public void Do(int part) => _do(_work, part, _parts);

    public void Stop() => _isStopping = true;
}
