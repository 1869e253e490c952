namespace MLNet.DenseNet;

/// <summary>Where rows are while training goes over them again and again.</summary>
public enum DataCaching
{
    /// <summary>In memory where they take at most a quarter of the memory available, else streamed; the log of the <see cref="Microsoft.ML.MLContext"/> says which and why.</summary>
    Auto,

    /// <summary>All in memory, read once.</summary>
    Memory,

    /// <summary>
    /// Read anew in each epoch, by a thread that is some chunks of a few megabytes ahead of the training, so that the memory does not depend on the number of rows.
    /// Rows are shuffled within chunks only, so that a file sorted by its labels should be shuffled once before. Rows must be the same each time that they are read.
    /// </summary>
    Stream,
}
