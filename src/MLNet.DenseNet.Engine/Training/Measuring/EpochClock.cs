using System.Diagnostics;

namespace MLNet.DenseNet.Engine;

/// <summary>The times of one training.</summary>
/// <param name="before">How long it took before it was interrupted.</param>
internal sealed class EpochClock(TimeSpan before)
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _epochStart;

    public double RowsPerSecond { get; private set; }

    public TimeSpan Elapsed => before + Stopwatch.GetElapsedTime(_start);

    public void BeginEpoch() => _epochStart = Stopwatch.GetTimestamp();

    /// <summary>Ends the time that counts for the rows per second. Measuring follows.</summary>
    public void EndTraining(int rows) => RowsPerSecond = rows / Stopwatch.GetElapsedTime(_epochStart).TotalSeconds;

    /// <param name="done">The epochs done, at least 1.</param>
    /// <param name="left">The epochs to do.</param>
    /// <returns>The time left, limited so that it cannot overflow.</returns>
    public TimeSpan EstimateTimeLeft(int done, int left) =>
        TimeSpan.FromTicks((long)Math.Min((double)Elapsed.Ticks / done * left, TimeSpan.MaxValue.Ticks / 2));
}
