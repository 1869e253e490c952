namespace MLNet.DenseNet;

/// <summary>Why a training ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were done.</summary>
    Completed,

    /// <summary>The epochs no longer got better: <see cref="TrainingOptions.EarlyStopping"/>.</summary>
    EarlyStopped,

    /// <summary>The callback said so: <see cref="EpochSummary.Stop"/>.</summary>
    StoppedByCallback,

    /// <summary>It was cancelled.</summary>
    Canceled,
}
