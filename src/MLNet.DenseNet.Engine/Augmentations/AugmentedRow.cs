using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One row of a batch on its way through an augmentation.</summary>
/// <param name="rows">(rows x features): the batch as it is.</param>
/// <param name="index">Which of them.</param>
/// <param name="destination">(features), to be filled.</param>
/// <param name="deviations">(features): those of the noise; null for none.</param>
/// <param name="scratch">Memory of this thread, as long as the augmentation asked for.</param>
/// <param name="random">Where the numbers of this step come from.</param>
internal readonly unsafe struct AugmentedRow(MatrixRows rows, int index, float* destination, float* deviations, float* scratch, RandomBits random)
{
    // Each row has 2^32 positions, of which the noise takes the upper half.
    private const int RowShift = 32;
    private const ulong FirstOfNoise = 1UL << 31;

    public MatrixRows Rows => rows;

    public int Index => index;

    public float* Source => rows.Start(index);

    public float* Destination => destination;

    public float* Scratch => scratch;

    public RandomBits Random => random;

    /// <summary>The first position of the row's random numbers.</summary>
    public ulong Position => (ulong)index << RowShift;

    public void AddNoise()
    {
        if (deviations != null)
            NormalNoise.Add(destination, deviations, rows.Columns, random, Position + FirstOfNoise);
    }
}
