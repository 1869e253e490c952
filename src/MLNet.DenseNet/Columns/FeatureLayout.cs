using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Columns;

/// <summary>
/// The shape in which a network takes the features of a column, and the order in which the column gives them. Networks take images as (height, width, channels) and sequences as (steps, channels). A column may
/// give an image plane by plane, as ExtractPixels does by default: a plane holds one channel of all pixels.
/// </summary>
/// <param name="Shape">The shape that the network takes.</param>
/// <param name="Planes">The number of planes that come one after the other; 1 where the values come as the network takes them.</param>
internal sealed record FeatureLayout(Shape Shape, int Planes)
{
    /// <summary>ExtractPixels extracts alpha, red, green and blue at most.</summary>
    private const int MostColors = 4;

    private FeatureLayout(Shape shape)
        : this(shape, Planes: 1)
    {
    }

    /// <summary>The layout of a column.</summary>
    /// <remarks>
    /// <para>
    /// Where no shape is given, a type of two dimensions is (steps, channels), and one of three is an image. Its channels are the last dimension where that one is at most 4, so that it can be colors, and the
    /// first one is more; else the first, as ExtractPixels has them by default. So (3, 32, 32) and (32, 32, 3) are images of 32 x 32 pixels of 3 channels; (64, 7, 7) has 64 channels, and (2, 4, 3) has 2.
    /// </para>
    /// <para>A given shape decides what is open: where the type's dimensions are (channels, height, width) of it, planes come, where they are those of the shape itself, pixels.</para>
    /// </remarks>
    /// <param name="features">The column, a known-size vector.</param>
    /// <param name="given">The option InputShape; null where the type tells.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape has another size than the column, or other dimensions.</exception>
    public static FeatureLayout Of(DataViewSchema.Column features, Shape? given)
    {
        var type = (VectorDataViewType)features.Type;
        int[] dimensions = [.. type.Dimensions];
        if (given is not { } shape)
            return OfType(type.Size, dimensions);

        Check(shape.Size == type.Size, $"have a value for each feature, which are {type.Size} in the column '{features.Name}'; it has {shape.Size}");
        int[] expected = [.. shape.Dimensions];
        switch (expected.Length, dimensions.Length)
        {
            case (3, 3):
                var comesInPlanes = dimensions.SequenceEqual([expected[2], expected[0], expected[1]]);
                Check(
                    comesInPlanes || dimensions.SequenceEqual(expected),
                    $"be height, width and channels of the images in the feature column '{features.Name}', whose type is {type}: (channels, height, width) or (height, width, channels)");
                return comesInPlanes ? OfPlanes(shape, expected[2]) : new(shape);
            case (2, 3):
                return OfPlanes(shape, OfType(type.Size, dimensions).Planes);
            case (2, 2):
                Check(dimensions.SequenceEqual(expected), $"be steps and channels of the sequences in the feature column '{features.Name}', whose type is {type}");
                return new(shape);
            default:
                return new(shape);
        }

        void Check(bool isRight, string requirement) => TrainingOptions.Check(isRight, nameof(DenseNeuralNetOptions.InputShape), shape, requirement);
    }

    /// <summary>Tells where the dimensions of a column say that its values come in another order than those of the column that was learned from. ML.NET compares sizes only.</summary>
    /// <param name="column">To predict from.</param>
    /// <returns>What it should be, in words; null where its dimensions fit, or there are none to compare.</returns>
    public string? ExpectedInsteadOf(DataViewSchema.Column column)
    {
        var type = (VectorDataViewType)column.Type;
        int[] dimensions = [.. type.Dimensions];
        int[] shape = [.. Shape.Dimensions];
        if (dimensions.Length != 3 || shape.Length == 1)
            return null;
        if (shape.Length == 2)
            return OfType(type.Size, dimensions).Planes == Planes ? null : Planes > 1 ? $"a vector of {Planes} planes" : "a vector with its channels last";
        int[] expected = Planes > 1 ? [Planes, .. shape[..2]] : shape;
        // A dimension of 1 changes no order, wherever it stands.
        return Longer(dimensions).SequenceEqual(Longer(expected)) ? null : $"a vector of {string.Join(" x ", expected)}";

        static IEnumerable<int> Longer(int[] dimensions) => dimensions.Where(length => length > 1);
    }

    private static FeatureLayout OfType(int size, int[] dimensions) => dimensions switch
    {
        [> MostColors, _, <= MostColors] => new(new Shape(dimensions)),
        [var channels, var height, var width] => OfPlanes(new Shape(height, width, channels), channels),
        [_, _] => new(new Shape(dimensions)),
        _ => new(size),
    };

    /// <summary>Planes of one value each are a pixel as it is.</summary>
    private static FeatureLayout OfPlanes(Shape shape, int planes) => new(shape, planes < shape.Size ? planes : 1);
}
