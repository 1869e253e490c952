namespace MLNet.DenseNet;

/// <summary>Where the rows of a training are while it goes over them again and again.</summary>
public enum DataCaching
{
    /// <summary>In memory where they take at most a quarter of the memory available, else streamed; the log of the <see cref="Microsoft.ML.MLContext"/> says which and why.</summary>
    Auto,

    /// <summary>All in memory, read once.</summary>
    Memory,

    /// <summary>
    /// Read anew in each epoch, by a thread that is ahead of the training by some blocks of a few megabytes, so that the memory does not depend on the number of rows.
    /// Rows are shuffled within blocks alone, so that a file sorted by its labels should be shuffled once before. Rows have to be the same each time that they are read.
    /// </summary>
    Stream,
}
