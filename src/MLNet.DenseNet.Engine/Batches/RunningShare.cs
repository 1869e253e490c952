namespace MLNet.DenseNet.Engine;

/// <summary>How many rows a share comes to while rows are dealt one after another. The count is never rounded on the way, so it is right to a row however many are dealt.</summary>
/// <param name="share">Of the rows, in (0, 1).</param>
/// <param name="start">What is due before any row is dealt, in [0, 1). With 0.5, the count is rounded to the nearest whole number, and half a row is not due yet.</param>
internal readonly struct RunningShare(double share, double start)
{
    /// <summary>How many rows are due after that many are dealt.</summary>
    public long DueAfter(long dealt) => (long)Math.Ceiling(share * dealt - (1 - start));

    /// <summary>The inverse: after how many dealt rows that many are due.</summary>
    public long DealtWhen(long due) => (long)Math.Ceiling((due - start) / share);
}
