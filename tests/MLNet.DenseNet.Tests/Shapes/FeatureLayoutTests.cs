using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>The type of a feature column and the option InputShape tell in which shape a network takes it, and whether its values come in planes.</summary>
public class FeatureLayoutTests
{
    [Theory]
    [InlineData("12", "12", 1)]
    [InlineData("7, 5", "7 x 5", 1)]
    [InlineData("3, 32, 28", "32 x 28 x 3", 3)]
    [InlineData("32, 28, 3", "32 x 28 x 3", 1)]
    [InlineData("1, 32, 28", "32 x 28 x 1", 1)]
    [InlineData("32, 28, 1", "32 x 28 x 1", 1)]
    [InlineData("4, 32, 28", "32 x 28 x 4", 4)]
    [InlineData("32, 28, 5", "28 x 5 x 32", 32)]
    [InlineData("64, 7, 9", "7 x 9 x 64", 64)]
    [InlineData("64, 3, 3", "3 x 3 x 64", 64)]
    [InlineData("64, 4, 1", "4 x 1 x 64", 64)]
    [InlineData("64, 5, 4", "64 x 5 x 4", 1)]
    [InlineData("5, 64, 1", "5 x 64 x 1", 1)]
    [InlineData("3, 5, 4", "5 x 4 x 3", 3)]
    [InlineData("3, 1, 1", "1 x 1 x 3", 1)]
    [InlineData("1, 7", "7", 1)]
    [InlineData("7, 1", "7 x 1", 1)]
    [InlineData("2, 3, 4, 5", "120", 1)]
    public void The_type_tells(string dimensions, string shape, int planes) => Check(dimensions, null, shape, planes);

    [Theory]
    [InlineData("84", "7 x 4 x 3", 1)]
    [InlineData("84", "7 x 12", 1)]
    [InlineData("84", "84", 1)]
    [InlineData("7, 12", "7 x 4 x 3", 1)]
    [InlineData("7, 12", "7 x 12", 1)]
    [InlineData("7, 12", "84", 1)]
    [InlineData("3, 7, 4", "7 x 4 x 3", 3)]
    [InlineData("7, 4, 3", "7 x 4 x 3", 1)]
    [InlineData("3, 7, 4", "3 x 7 x 4", 1)]
    [InlineData("4, 7, 3", "7 x 3 x 4", 4)]
    [InlineData("4, 7, 3", "4 x 7 x 3", 1)]
    [InlineData("3, 3, 3", "3 x 3 x 3", 3)]
    [InlineData("3, 28, 8", "28 x 24", 3)]
    [InlineData("28, 8, 3", "28 x 24", 1)]
    [InlineData("1, 28, 8", "28 x 8", 1)]
    [InlineData("3, 28, 8", "672", 1)]
    [InlineData("2, 7, 2, 3", "7 x 4 x 3", 1)]
    public void A_given_shape_decides(string dimensions, string given, int planes) => Check(dimensions, given, given, planes);

    [Theory]
    [InlineData("84", "7 x 4 x 2", "The option InputShape is 7 x 4 x 2; it must have a value for each feature, which are 84 in the column 'Pixels'; it has 56")]
    [InlineData("7, 4, 3", "83", "it must have a value for each feature, which are 84 in the column 'Pixels'; it has 83")]
    [InlineData("3, 7, 4", "4 x 7 x 3", "The option InputShape is 4 x 7 x 3; it must be height, width and channels of the images in the feature column 'Pixels', whose type is Vector<Single, 3, 7, 4>: (channels, height, width) or (height, width, channels)")]
    [InlineData("3, 7, 4", "7 x 3 x 4", "height, width and channels")]
    [InlineData("7, 12", "12 x 7", "The option InputShape is 12 x 7; it must be steps and channels of the sequences in the feature column 'Pixels', whose type is Vector<Single, 7, 12>")]
    public void Other_shapes_are_refused(string dimensions, string given, string expected)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(nameof(DenseNeuralNetOptions.InputShape), () => Layout(dimensions, given));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static void Check(string dimensions, string? given, string shape, int planes)
    {
        var layout = Layout(dimensions, given);
        Assert.Equal((shape, planes), (layout.Shape.ToString(), layout.Planes));
    }

    private static FeatureLayout Layout(string dimensions, string? given)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Pixels", new VectorDataViewType(NumberDataViewType.Single, Numbers(dimensions, ", ")));
        return FeatureLayout.Of(schema.ToSchema()[0], given is null ? null : new Shape(Numbers(given, " x ")));
    }

    private static int[] Numbers(string text, string separator) => [.. text.Split(separator).Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
}
