using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>A copy of what training changes in a network, as it was after its best epoch so far.</summary>
internal sealed class BestWeights(Network network, EarlyStoppingMetric metric)
{
    private readonly Parameter[] _parameters = [.. network.LearnedParameters];
    private BestValue _best = new();

    /// <summary>The best epoch; null before there is any.</summary>
    public int? Epoch { get; private set; }

    /// <summary>The copy: each learned parameter, one after the other.</summary>
    public AlignedBuffer Copy { get; } = new(network.LearnedParameters.Sum(parameter => (long)parameter.Shape.Size));

    /// <summary>Takes a copy where the epoch is the best one so far. Of equal epochs the first is the best; as long as the metric is not finite, the latest.</summary>
    public void Offer(EpochSummary epoch)
    {
        if (!Note(epoch))
            return;
        var rest = Copy.Span;
        foreach (var parameter in _parameters)
        {
            parameter.Elements.CopyTo(rest);
            rest = rest[parameter.Shape.Size..];
        }
    }

    /// <summary>Remembers that the epoch was the best one, without a copy.</summary>
    /// <returns>Whether it was.</returns>
    public bool Note(EpochSummary epoch)
    {
        if (!_best.Improve(epoch.MonitoredValue(metric)))
            return false;
        Epoch = epoch.Epoch;
        return true;
    }

    /// <summary>Puts the copy back into the network.</summary>
    /// <returns>The epoch of the copy; null where there was none, so that the network stays as it is.</returns>
    public int? Restore()
    {
        if (Epoch is null)
            return null;
        ReadOnlySpan<float> rest = Copy.Span;
        foreach (var parameter in _parameters)
        {
            rest[..parameter.Shape.Size].CopyTo(parameter.Elements);
            parameter.NoteChange();
            rest = rest[parameter.Shape.Size..];
        }

        return Epoch;
    }
}
