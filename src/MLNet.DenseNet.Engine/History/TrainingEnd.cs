namespace MLNet.DenseNet;

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The monitored value no longer improved: <see cref="TrainingOptions.EarlyStopping"/>.</summary>
    EarlyStopped,

    /// <summary>A callback ended it: <see cref="EpochSummary.Stop"/>.</summary>
    StoppedByCallback,

    /// <summary>It was cancelled.</summary>
    Canceled,
}
