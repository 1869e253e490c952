namespace MLNet.DenseNet;

/// <summary>How much a training tells in the log of the <see cref="Microsoft.ML.MLContext"/>. Warnings are always told.</summary>
public enum Verbosity
{
    /// <summary>Only warnings.</summary>
    Silent,

    /// <summary>A line at the beginning and one at the end.</summary>
    Summary,

    /// <summary>Also a line for each epoch.</summary>
    Epochs,
}
