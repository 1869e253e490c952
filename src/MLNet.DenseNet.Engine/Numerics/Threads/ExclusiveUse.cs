namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Lets one caller at a time use some memory. A second one, on another thread or in a callback of the first, is refused: kernels of the first still work on that memory.</summary>
/// <param name="refusal">The message for the second one.</param>
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
