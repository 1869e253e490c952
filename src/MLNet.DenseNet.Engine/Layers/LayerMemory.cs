namespace MLNet.DenseNet.Engine;

/// <summary>How much memory a layer needs for a batch.</summary>
/// <param name="PerRow">Values for each row, such as the sums before an activation, or a recurrent layer's time steps.</param>
/// <param name="PerBatch">Values for the batch as a whole, such as the means of a batch normalization.</param>
internal readonly record struct LayerMemory(int PerRow, int PerBatch = 0)
{
    /// <summary>The values for a batch: those of its rows first, then those of the batch.</summary>
    public long For(int rows) => (long)PerRow * rows + PerBatch;

    /// <summary>Enough for either of two.</summary>
    public static LayerMemory Max(LayerMemory left, LayerMemory right) => new(Math.Max(left.PerRow, right.PerRow), Math.Max(left.PerBatch, right.PerBatch));
}
