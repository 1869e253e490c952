namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The purposes that random bits are drawn for: each has streams of its own, so that none moves another's numbers.</summary>
internal static class RandomStreams
{
    private const int PurposeShift = 60;

    public static ulong Initialization(int layer) => (1UL << PurposeShift) | (uint)layer;

    /// <summary>One stream for each of 2^32 epochs and of 2^28 blocks of rows.</summary>
    public static ulong Shuffling(int epoch, int block) => (2UL << PurposeShift) | ((ulong)(uint)block << 32) | (uint)epoch;

    public static ulong Splitting => 4UL << PurposeShift;

    /// <summary>One stream for each of 2^44 steps.</summary>
    public static ulong Augmenting(long step) => (6UL << PurposeShift) | ((ulong)step & ((1UL << 44) - 1));

    /// <summary>One stream for each of 2^16 layers and 2^44 steps.</summary>
    public static ulong Dropout(int layer, long step) => (3UL << PurposeShift) | ((ulong)(ushort)layer << 44) | ((ulong)step & ((1UL << 44) - 1));
}
