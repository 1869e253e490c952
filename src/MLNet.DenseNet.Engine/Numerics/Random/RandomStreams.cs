namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The purposes that random bits are drawn for. Each has streams of its own, so that drawing for one never changes the numbers of another.</summary>
internal static class RandomStreams
{
    // The upper 4 bits of a stream's number are its purpose.
    private const int PurposeShift = 60;

    /// <summary>One stream for the rows that are held out.</summary>
    public static ulong Splitting => 4UL << PurposeShift;

    /// <summary>One stream for each of 2^32 layers.</summary>
    public static ulong Initialization(int layer) => (1UL << PurposeShift) | (uint)layer;

    /// <summary>One stream for each of 2^32 epochs and of 2^28 chunks of rows.</summary>
    public static ulong Shuffling(int epoch, int chunk) => (2UL << PurposeShift) | ((ulong)(uint)chunk << 32) | (uint)epoch;

    /// <summary>One stream for each of 2^16 layers and of 2^44 steps.</summary>
    public static ulong Dropout(int layer, long step) => (3UL << PurposeShift) | ((ulong)(ushort)layer << 44) | Low44(step);

    /// <summary>One stream for each of 2^44 steps.</summary>
    public static ulong Augmenting(long step) => (6UL << PurposeShift) | Low44(step);

    private static ulong Low44(long step) => (ulong)step & ((1UL << 44) - 1);
}
