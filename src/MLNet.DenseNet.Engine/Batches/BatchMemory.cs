using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Memory for some values of each row of a batch.</summary>
internal static class BatchMemory
{
    /// <param name="valuesPerRow">How many each row has.</param>
    /// <param name="rows">The most rows of a batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are more than one block of memory holds; the message names the option and says how many rows have room.</exception>
    public static AlignedBuffer For(long valuesPerRow, int rows)
    {
        TrainingOptions.Check(
            valuesPerRow * rows <= AlignedBuffer.MaxLength, nameof(TrainingOptions.BatchSize), rows,
            FormattableString.Invariant($"be at most {AlignedBuffer.MaxLength / Math.Max(1, valuesPerRow):N0} here: a batch holds {valuesPerRow:N0} values of each row, and up to {AlignedBuffer.MaxLength:N0} together"));
        return new AlignedBuffer(valuesPerRow * rows);
    }
}
