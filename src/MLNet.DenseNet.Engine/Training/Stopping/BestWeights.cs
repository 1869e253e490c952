using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>A copy of a network's trained parameters as they were after its best epoch so far.</summary>
internal sealed class BestWeights(Network network, EarlyStoppingMetric metric)
{
    private double _cost = double.PositiveInfinity;

    /// <summary>The best epoch; null before there is any.</summary>
    public int? Epoch { get; private set; }

    /// <summary>The copy, laid out like the network's trained parameters.</summary>
    public AlignedBuffer Copy { get; } = new(network.TrainedLength);

    /// <summary>Takes a copy where the epoch is the best one so far: of equals the first, but the latest as long as the metric has no finite value.</summary>
    public void Offer(EpochSummary epoch)
    {
        if (!Note(epoch))
            return;
        network.Block.Span[..network.TrainedLength].CopyTo(Copy.Span);
    }

    /// <summary>Remembers that the epoch was the best one, without a copy.</summary>
    /// <returns>Whether it was.</returns>
    public bool Note(EpochSummary epoch)
    {
        var cost = epoch.MonitoredValue(metric);
        if (double.IsFinite(_cost) && !(cost < _cost))
            return false;
        (_cost, Epoch) = (cost, epoch.Epoch);
        return true;
    }

    /// <summary>Puts the copy back.</summary>
    /// <returns>Whose epoch it is; null where there was none, so that the network stays as it is.</returns>
    public int? Restore()
    {
        if (Epoch is not null)
            Copy.Span.CopyTo(network.Block.Span);

        return Epoch;
    }
}
