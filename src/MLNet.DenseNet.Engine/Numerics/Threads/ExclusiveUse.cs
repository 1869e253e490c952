namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Memory that one caller uses at a time. A second one, on another thread or called back by the first, is refused, as the first one's kernels still work on that memory.</summary>
/// <param name="refusal">What the second one is told.</param>
internal sealed class ExclusiveUse(string refusal)
{
    private int _isTaken;

    /// <exception cref="InvalidOperationException">Another caller uses it.</exception>
    public Use Enter() => Interlocked.Exchange(ref _isTaken, 1) == 0 ? new Use(this) : throw new InvalidOperationException(refusal);

    /// <summary>Ends when it is disposed of.</summary>
    public readonly struct Use(ExclusiveUse of) : IDisposable
    {
        public void Dispose() => Volatile.Write(ref of._isTaken, 0);
    }
}
