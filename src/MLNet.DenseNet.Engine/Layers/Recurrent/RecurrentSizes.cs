using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The sizes of a recurrent layer on its input, and the memory that follows from them.</summary>
/// <param name="Steps">Steps of a sequence.</param>
/// <param name="Channels">Values of a step.</param>
/// <param name="Units">Units of the layer.</param>
/// <param name="Cell">What a step computes.</param>
/// <param name="HasDropout">Whether inputs are dropped.</param>
internal readonly record struct RecurrentSizes(int Steps, int Channels, int Units, RecurrentCell Cell, bool HasDropout)
{
    /// <summary>The sums of a step, and the columns of the weights.</summary>
    public int Sums => Cell.Gates * Units;

    /// <summary>Values that the cell keeps from a step besides sums and state.</summary>
    public int Kept => Cell.Kept * Units;

    /// <summary>The sums of a step that are apart from those of the inputs.</summary>
    public int RecurrentSums => Cell.HasRecurrentSums ? Sums : 0;

    /// <summary>Values of a mask for each row.</summary>
    public int Mask => HasDropout ? Channels : 0;

    /// <summary>What the forward pass keeps for the backward pass.</summary>
    public LayerMemory Cache => new(ToInt32((long)Steps * (Channels + (long)Sums + Kept + Units)));

    /// <summary>Enough for each pass: of the backward pass the gradients of all sums and inputs, and the transposed recurrent weights for the batch.</summary>
    public LayerMemory Scratch => new(ToInt32((long)Steps * (Channels + (long)Sums + RecurrentSums) + RecurrentSums + Kept + 2L * Units + Mask), Units * Sums);

    /// <exception cref="ArgumentException">The input is not a sequence.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more weights, or more values a row, than one buffer holds.</exception>
    public static RecurrentSizes Of(Shape input, int units, RecurrentCell cell, bool hasDropout)
    {
        if (input.Dimensions.Length != 2)
            throw new ArgumentException("It needs a sequence, steps x channels.");
        var (steps, channels) = (input.Dimensions[0], input.Dimensions[1]);
        var weights = (long)Math.Max(channels, units) * cell.Gates * units;
        ParameterSpecification.CheckCount(input, weights, FormattableString.Invariant($"A recurrent layer of {units:N0} units on {channels:N0} channels has a matrix of {weights:N0} weights"));
        var sizes = new RecurrentSizes(steps, channels, units, cell, hasDropout);
        _ = (sizes.Cache, sizes.Scratch);
        return sizes;
    }

    private static int ToInt32(long perRow) => perRow <= AlignedBuffer.MaxLength ? (int)perRow
        : throw new ArgumentOutOfRangeException(nameof(perRow), FormattableString.Invariant($"A recurrent layer has {perRow:N0} values for each row, what it keeps of all steps; at most {AlignedBuffer.MaxLength:N0} are possible."));
}
