namespace MLNet.DenseNet.Engine;

/// <summary>A row holds a value that an embedding does not have: one that is not a whole number of its vocabulary.</summary>
/// <param name="layer">Where, and what it takes.</param>
/// <param name="row">The row, from 0.</param>
/// <param name="what">What it has.</param>
internal sealed class UnknownNumberException(string layer, long row, string what) : ArgumentException(FormattableString.Invariant($"{layer}; row {row} of the batch has {what}."))
{
    /// <summary>The same for the batch that this one is a block of.</summary>
    /// <param name="before">The rows of the batch that come before the block.</param>
    public UnknownNumberException After(int before) => new(layer, row + before, what);
}
