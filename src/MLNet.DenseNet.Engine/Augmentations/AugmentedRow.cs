using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>What an augmentation is given to vary one row of a batch.</summary>
/// <param name="rows">(rows x features): the batch before it is varied.</param>
/// <param name="index">The row's number in the batch.</param>
/// <param name="destination">(features), to be filled.</param>
/// <param name="deviations">(features): the standard deviations of the noise; null for none.</param>
/// <param name="scratch">Memory of this thread: as many floats as <see cref="Augmentation.ScratchLength"/>.</param>
/// <param name="random">The random numbers of this step.</param>
internal readonly unsafe struct AugmentedRow(MatrixRows rows, int index, float* destination, float* deviations, float* scratch, RandomBits random)
{
    // A row has 2^32 positions of random numbers; the noise takes the upper half.
    private const int RowShift = 32;
    private const ulong FirstOfNoise = 1UL << 31;

    /// <summary>(rows x features): the batch before it is varied.</summary>
    public MatrixRows Rows => rows;

    public int Index => index;

    public float* Source => rows.Start(index);

    public float* Destination => destination;

    public float* Scratch => scratch;

    public RandomBits Random => random;

    /// <summary>The first position of the row's random numbers.</summary>
    public ulong Position => (ulong)index << RowShift;

    /// <summary>Adds the noise to the destination.</summary>
    public void AddNoise()
    {
        if (deviations != null)
            NormalNoise.Add(destination, deviations, rows.Columns, random, Position + FirstOfNoise);
    }
}
