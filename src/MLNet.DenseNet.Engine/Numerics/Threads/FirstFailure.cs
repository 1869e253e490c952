using System.Runtime.ExceptionServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Of what the parts of a work throw, on any threads, that of the first part: which it is does not depend on which thread is faster.</summary>
internal sealed class FirstFailure
{
    private readonly Lock _adding = new();
    private ExceptionDispatchInfo? _error;
    private long _place;

    /// <summary>Forgets what an earlier work has thrown; called before the next one.</summary>
    public void Clear()
    {
        // Written where it must be only: threads read what lies beside it.
        if (_error is not null)
            _error = null;
    }

    /// <summary>Keeps an exception, unless a part before this one has thrown.</summary>
    /// <param name="place">Where the part is among the others.</param>
    /// <param name="error">What it has thrown.</param>
    public void Add(long place, Exception error)
    {
        lock (_adding)
        {
            if (_error is null || place < _place)
                (_error, _place) = (ExceptionDispatchInfo.Capture(error), place);
        }
    }

    /// <summary>Throws what was kept, as it was thrown; called once no thread is at the work any more.</summary>
    public void ThrowIfAny() => _error?.Throw();
}
