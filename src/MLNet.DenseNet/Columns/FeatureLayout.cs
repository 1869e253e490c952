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
/// <param name="Dimensions">Those of the column's type; empty where they are not known.</param>
/// <param name="Keys">The keys that the column gives; null where it gives numbers.</param>
internal sealed record FeatureLayout(Shape Shape, int Planes, IReadOnlyList<int> Dimensions, KeyFeatures? Keys = null)
{
    /// <summary>ExtractPixels extracts alpha, red, green and blue at most.</summary>
    private const int MostColors = 4;

    /// <summary>The layout of a column.</summary>
    /// <remarks>
    /// <para>
    /// Where no shape is given, a type of two dimensions is (steps, channels), but a table where there is one step or where OneHotEncoding made it of several categories, and one of three is an image. Its channels are the last dimension where only that one is at most 4, so that it can be colors; else the
    /// first, as ExtractPixels has them by default. So (3, 32, 32) and (32, 32, 3) are images of 32 x 32 pixels of 3 channels; (64, 7, 7) and (64, 3, 3) have 64 channels, and (2, 4, 3) has 2.
    /// </para>
    /// <para>A given shape decides what is open: where the type's dimensions are (channels, height, width) of it, planes come, where they are those of the shape itself, pixels.</para>
    /// </remarks>
    /// <param name="features">The column, a known-size vector.</param>
    /// <param name="given">The option InputShape; null where the type tells.</param>
    /// <param name="shown">The column as the user has it, for messages; null where that is the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">The shape has another size than the column, or other dimensions.</exception>
    public static FeatureLayout Of(DataViewSchema.Column features, Shape? given, DataViewSchema.Column? shown = null)
    {
        var type = (VectorDataViewType)features.Type;
        int[] dimensions = [.. type.Dimensions];
        if (given is not { } shape)
            return IsOneHot(features) ? new(type.Size, Planes: 1, dimensions) : OfType(type.Size, dimensions);

        var typeShown = (shown ?? features).Type;
        var asItIs = new FeatureLayout(shape, Planes: 1, dimensions);
        Check(shape.Size == type.Size, $"have a value for each feature, which are {type.Size} in the column '{features.Name}'; it has {shape.Size}");
        int[] expected = [.. shape.Dimensions];
        switch (expected.Length, dimensions.Length)
        {
            case (3, 3):
                var comesInPlanes = dimensions.SequenceEqual([expected[2], expected[0], expected[1]]);
                Check(
                    comesInPlanes || dimensions.SequenceEqual(expected),
                    $"be height, width and channels of the images in the feature column '{features.Name}', whose type is {typeShown}: (channels, height, width) or (height, width, channels)");
                return comesInPlanes ? OfPlanes(shape, expected[2], dimensions) : asItIs;
            case (2, 3):
                return OfPlanes(shape, OfType(type.Size, dimensions).Planes, dimensions);
            case (2, 2):
                Check(dimensions.SequenceEqual(expected), $"be steps and channels of the sequences in the feature column '{features.Name}', whose type is {typeShown}");
                return asItIs;
            default:
                return asItIs;
        }

        void Check(bool isRight, string requirement) => TrainingOptions.Check(isRight, nameof(DenseNeuralNetOptions.InputShape), shape, requirement);
    }

    /// <summary>Tells where the dimensions of a column say that its values come in another order than those of the column that was learned from. ML.NET compares sizes only.</summary>
    /// <param name="column">To predict from: a vector of numbers, or keys.</param>
    /// <returns>What it should be, in words; null where its dimensions fit, or there are none to compare.</returns>
    public string? ExpectedInsteadOf(DataViewSchema.Column column)
    {
        if (Keys is not null)
            return KeyFeatures.Of(column, Keys.AreNumbers)?.Match(Keys) == true ? null : Keys.ToString();
        if (column.Type is not VectorDataViewType { ItemType: not KeyDataViewType } type)
            return $"a vector of {Shape.Size} values of Single";
        int[] dimensions = [.. type.Dimensions];
        if (dimensions.Length == 1)
            return null;
        int[][] orders = [.. Orders()];
        if (orders.Length > 0 && (orders[0].Length != 2 || dimensions.Length == 2 || Dimensions.Count > 1))
            return orders.Any(order => HaveOneOrder(dimensions, order)) ? null : $"a vector of {string.Join(" x ", orders[0])}";
        // Steps say nothing of how images lie in them, but for whether their channels come first.
        return Shape.Dimensions.Length != 2 || dimensions.Length != 3 || OfType(type.Size, dimensions).Planes == Planes ? null
            : Planes > 1 ? $"a vector of {Planes} planes" : "a vector with its channels last";
    }

    /// <summary>Dimensions that tell in which order the values came: those of the column, and those in which the network takes it, before planes are put together.</summary>
    private IEnumerable<int[]> Orders()
    {
        if (Dimensions.Count > 1)
            yield return [.. Dimensions];
        if (Shape.Dimensions.Length == 3 && Planes > 1)
            yield return [Planes, .. Shape.Dimensions[..2]];
        else if (Shape.Dimensions.Length > 1 && Planes == 1)
            yield return [.. Shape.Dimensions];
    }

    /// <summary>Whether two vectors of one size are the same but for neighboring dimensions that are put together in one of them, or dimensions of 1, which change no order.</summary>
    private static bool HaveOneOrder(int[] a, int[] b)
    {
        if (a.Length == b.Length)
            return Longer(a).SequenceEqual(Longer(b));
        var (first, second) = (Strides(a), Strides(b));
        return first.IsSubsetOf(second) || second.IsSubsetOf(first);

        static IEnumerable<int> Longer(int[] dimensions) => dimensions.Where(length => length > 1);
    }

    /// <summary>How far apart neighbors lie in each dimension of more than one value, but for the last.</summary>
    private static HashSet<int> Strides(int[] dimensions)
    {
        var (strides, stride) = (new HashSet<int>(), 1);
        foreach (var length in dimensions.Reverse())
        {
            strides.Add(stride);
            stride *= length;
        }

        strides.Remove(1);
        // That of a first dimension of 1.
        strides.Remove(stride);
        return strides;
    }

    /// <summary>Whether the column is of categories one beside the other, which are no steps.</summary>
    private static bool IsOneHot(DataViewSchema.Column features) => features.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.CategoricalSlotRanges) is not null;

    private static FeatureLayout OfType(int size, int[] dimensions) => dimensions switch
    {
        // Models in other formats put out a row of numbers so.
        [1, _] => new(size, Planes: 1, dimensions),
        [> MostColors, > MostColors, <= MostColors] => new(new Shape(dimensions), Planes: 1, dimensions),
        [var channels, var height, var width] => OfPlanes(new Shape(height, width, channels), channels, dimensions),
        [_, _] => new(new Shape(dimensions), Planes: 1, dimensions),
        _ => new(size, Planes: 1, dimensions),
    };

    /// <summary>Planes of one value each are a pixel as it is.</summary>
    private static FeatureLayout OfPlanes(Shape shape, int planes, int[] dimensions) => new(shape, planes < shape.Size ? planes : 1, dimensions);
}
