namespace MLNet.DenseNet.Data;

/// <summary>
/// Whether the features of a data view are kept sparse: where a row has many and few of their values in the first rows are not 0. It goes by the values, not by how
/// vectors hold them, so that the same values give the same model; and is decided once.
/// </summary>
/// <param name="inputs">Features a row.</param>
/// <param name="mayBeSparse">Whether training can do with sparse rows.</param>
internal sealed class FeatureStorage(int inputs, bool mayBeSparse = true)
{
    /// <summary>How many rows decide.</summary>
    public const int DecidingRows = 1000;

    // Below, products with dense rows are as fast whatever the values.
    private const int FewestInputs = 256;

    // Of all values. A stored one takes twice the memory and several times the time of one in a dense row.
    private const double LargestShare = 0.1;

    /// <summary>Null as long as it is undecided.</summary>
    public bool? IsSparse { get; private set; } = inputs < FewestInputs || !mayBeSparse ? false : null;

    /// <summary>What the features of a row take in memory; of sparse rows, on average over those that decided.</summary>
    public long BytesPerRow { get; private set; } = sizeof(float) * (long)inputs;

    /// <summary>Decides, where that was not done before.</summary>
    /// <param name="nonZero">The values that are not 0.</param>
    /// <param name="rows">Of so many rows.</param>
    /// <returns>Whether they are kept sparse.</returns>
    public bool Decide(long nonZero, int rows)
    {
        if (IsSparse is { } decided)
            return decided;
        IsSparse = nonZero <= LargestShare * rows * inputs;
        if (IsSparse.Value)
            BytesPerRow = sizeof(float) * (2 * nonZero / rows + 1);
        return IsSparse.Value;
    }
}
