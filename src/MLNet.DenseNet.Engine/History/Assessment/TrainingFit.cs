namespace MLNet.DenseNet;

/// <summary>What the curves of a training say about its model.</summary>
public enum TrainingFit
{
    /// <summary>It learned, and does about as well on the validation rows as on those it learned from.</summary>
    FitsWell,

    /// <summary>It learned its training rows by heart: by the metric or the loss it does better on them than on the validation rows, or it had been better on the validation rows before.</summary>
    Overfits,

    /// <summary>It does badly even on its training rows, and no longer improves.</summary>
    Underfits,

    /// <summary>The training loss rises.</summary>
    Diverges,

    /// <summary>It was still improving when training ended.</summary>
    TooShort,

    /// <summary>It learned its training rows; without a validation set, or where its loss is not finite, nothing tells whether it generalizes.</summary>
    Unknown,

    /// <summary>It predicts the validation rows no better than a guess without features does, even if it learned its training rows: the features may not tell the label.</summary>
    LearnedNothing,
}
