using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>A parameter that a layer asks for.</summary>
/// <param name="Name">What the layer calls it.</param>
/// <param name="Shape">Its dimensions, of any rank.</param>
/// <param name="IsDecayed">Whether weight decay applies.</param>
/// <param name="Role">What changes its values.</param>
/// <param name="IsLinearMap">Whether it is the matrix of a linear map, (inputs x outputs), such as those of a window, which an optimizer may change as a whole.</param>
/// <param name="ArePieces">Whether they are by how much functions change from piece to piece, so that their magnitudes add up to a total variation (<see cref="FunctionDecay"/>).</param>
internal readonly record struct ParameterSpecification(string Name, Shape Shape, bool IsDecayed, ParameterRole Role = ParameterRole.Trained, bool IsLinearMap = false, bool ArePieces = false)
{
    /// <summary>Refuses more weights than a block of memory holds.</summary>
    /// <param name="input">What calls for them.</param>
    /// <param name="weights">How many.</param>
    /// <param name="what">What has so many, as the beginning of a sentence.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are too many.</exception>
    public static void CheckCount(Shape input, long weights, string what)
    {
        if (weights > AlignedBuffer.MaxLength)
            throw new ArgumentOutOfRangeException(nameof(input), FormattableString.Invariant($"{what}; at most {AlignedBuffer.MaxLength:N0} are possible."));
    }
}
