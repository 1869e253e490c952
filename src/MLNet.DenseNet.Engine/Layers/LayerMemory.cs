namespace MLNet.DenseNet.Engine;

/// <summary>How much memory a layer needs for a batch.</summary>
/// <param name="PerRow">Values for each row, such as the sums before an activation, or a recurrent layer's time steps.</param>
/// <param name="PerBatch">Values for the batch as a whole, such as the means of a batch normalization.</param>
internal readonly record struct LayerMemory(int PerRow, int PerBatch = 0)
{
    /// <summary>Both, one after the other. A size beyond int is the largest int, for which no buffer has room.</summary>
    public static LayerMemory operator +(LayerMemory left, LayerMemory right) => Of((long)left.PerRow + right.PerRow, (long)left.PerBatch + right.PerBatch);

    /// <summary>Sizes that may be beyond int: they then are the largest int, for which no buffer has room.</summary>
    public static LayerMemory Of(long perRow, long perBatch = 0) => new((int)Math.Min(int.MaxValue, perRow), (int)Math.Min(int.MaxValue, perBatch));

    /// <summary>The values for a batch: those of its rows first, then those of the batch.</summary>
    public long For(int rows) => (long)PerRow * rows + PerBatch;

    /// <summary>Enough for either of two.</summary>
    public static LayerMemory Max(LayerMemory left, LayerMemory right) => new(Math.Max(left.PerRow, right.PerRow), Math.Max(left.PerBatch, right.PerBatch));
}
