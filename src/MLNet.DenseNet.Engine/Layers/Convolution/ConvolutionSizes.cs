using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The sizes of a convolution in its place.</summary>
/// <param name="Window">The window's way over the input.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="Groups">Into how many groups input and output channels are divided. A filter sees the channels of its group.</param>
internal readonly record struct ConvolutionSizes(WindowGeometry Window, int Filters, int Groups)
{
    // Sums of the weights' gradient for up to 16 pieces of a batch, in no more than 4 MiB.
    private const int MostPieces = 16;
    private const int MostPieceValues = 1 << 20;

    // Small images share a product, so that less is spent on beginning products, as long as they stay in the first-level cache or little more.
    private const int ValuesAtOnce = 1 << 14;
    private const int MostAtOnce = 16;

    /// <summary>Input channels of a group.</summary>
    public int GroupChannels => Window.Channels / Groups;

    /// <summary>Filters of a group.</summary>
    public int GroupFilters => Filters / Groups;

    /// <summary>Whether each filter sees one channel, and each channel is seen by one filter: products go over channels side by side then, and groups are not told apart.</summary>
    public bool IsDepthwise => Groups > 1 && Groups == Window.Channels && Groups == Filters;

    /// <summary>Whether products take the weights of each group by themselves.</summary>
    public bool DividesWeights => Groups > 1 && !IsDepthwise;

    /// <summary>Weights of a filter: the positions of the window times the channels of a group.</summary>
    public int FilterLength => Window.Taps * GroupChannels;

    /// <summary>Weights of a group.</summary>
    public int GroupWeights => FilterLength * GroupFilters;

    /// <summary>All weights.</summary>
    public int WeightLength => FilterLength * Filters;

    /// <summary>Values of an image.</summary>
    public int InputLength => Window.InputPositions * Window.Channels;

    /// <summary>Values of an output.</summary>
    public int OutputLength => Window.OutputPositions * Filters;

    /// <summary>Multiply-adds of an image.</summary>
    public long MultiplyAdds => (long)Window.OutputPositions * WeightLength;

    /// <summary>What the window sees beyond the image.</summary>
    public ImageBorder InputBorder => new(Window.Rows.Input, Window.Columns.Input, Window.Channels, Window.Rows.Before, Window.Rows.After, Window.Columns.Before, Window.Columns.After);

    /// <summary>How many images a product takes at once, at least 1.</summary>
    public int ImagesAtOnce => (int)Math.Clamp(ValuesAtOnce / Math.Max(OutputLength, Math.Max(InputBorder.Length, TransposedConvolution.BorderedLength(in this))), 1, MostAtOnce);

    /// <summary>Values that the gradients of weights and bias take for a piece of a batch.</summary>
    public long PieceLength => AlignedBuffer.RoundUp(WeightLength) + AlignedBuffer.RoundUp(Filters);

    /// <summary>Into how many pieces a batch is divided at most, whose gradients are summed apart. It depends on sizes alone, so the bits are the same on any number of threads.</summary>
    public int PieceLimit => (int)Math.Clamp(MostPieceValues / PieceLength, 1, MostPieces);

    /// <summary>Scratch memory for the weights of each group by themselves.</summary>
    public int GroupScratch => DividesWeights ? (int)AlignedBuffer.RoundUp(WeightLength) : 0;

    /// <summary>Scratch memory for the transposed weights.</summary>
    public int TransposedScratch => (int)AlignedBuffer.RoundUp(WeightLength);

    /// <summary>Values of the images that are bordered at once, or of their gradients, whichever are more.</summary>
    public long BorderedLength => ImagesAtOnce * Math.Max(InputBorder.Length, TransposedConvolution.BorderedLength(in this));

    /// <summary>Scratch memory for the gradients of pieces.</summary>
    public long PieceScratch => !DividesWeights && PieceLimit == 1 ? 0 : PieceLimit * PieceLength;

    /// <summary>Scratch memory of a batch: for the weights of groups, the transposed weights, and the gradients of pieces, in this order. A size beyond int is the largest int, for which no buffer has room.</summary>
    public int Scratch => (int)Math.Min(int.MaxValue, GroupScratch + (long)TransposedScratch + PieceScratch);

    /// <summary>The pieces of a batch.</summary>
    /// <param name="rows">Its images.</param>
    public RangePieces Pieces(int rows) => new(rows, (rows + PieceLimit - 1) / PieceLimit);
}
