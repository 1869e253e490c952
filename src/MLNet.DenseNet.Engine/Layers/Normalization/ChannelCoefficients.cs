using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The scratch memory of a normalization: some values for each channel, then the sums of pieces of a batch.</summary>
/// <param name="memory">As <see cref="Scratch"/> says.</param>
/// <param name="channels">How many channels there are.</param>
internal readonly unsafe struct ChannelCoefficients(float* memory, int channels)
{
    private const int ForEachChannel = 5;

    public float* Means => memory;

    public float* Inverses => memory + channels;

    public float* Factors => memory + 2 * (nint)channels;

    public float* Slopes => memory + 3 * (nint)channels;

    public float* Shifts => memory + 4 * (nint)channels;

    /// <summary>(pieces x 2 x channels): the sums of pieces.</summary>
    public float* Sums => memory + ForEachChannel * (nint)channels;

    /// <summary>The memory for inputs of a shape. A size beyond int is the largest int, for which no buffer has room.</summary>
    public static LayerMemory Scratch(Shape input)
    {
        // Rows need the sums of whole pieces, but for the last piece of the batch, which may be a short one.
        var channels = input.Dimensions[^1];
        var positions = input.Size / channels;
        var pieceLength = ChannelSums.PieceLength(channels);
        var perRow = (2L * channels * positions + pieceLength - 1) / pieceLength;
        return new(PerRow: (int)perRow, PerBatch: (int)Math.Min(int.MaxValue, (ForEachChannel + 2L) * channels));
    }
}
