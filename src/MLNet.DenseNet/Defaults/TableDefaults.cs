using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The sizes and limits of what <see cref="TableDesign"/> puts before and beside the hidden layers of a table.</summary>
internal static class TableDefaults
{
    /// <summary>The most features of a table whose numbers, features of more than two values, may be embedded. Of more features than that and than rows, hidden layers learn only chance.</summary>
    public const int MostColumns = FeatureStatistics.MostTableColumns;

    /// <summary>The most pieces of each function of a number.</summary>
    public const int EmbeddingBins = 128;

    /// <summary>From so many rows on, more functions of each number and more patience find more. In fewer, they also find more that is only chance.</summary>
    public const int RowsOfManyFunctions = 800;

    /// <summary>The most functions of single numbers. Of more numbers, each has fewer: that takes less time, and nearly all that is lost without them comes back with two.</summary>
    public const int MostFunctions = FunctionsOfManyRows * NumbersOfAllFunctions;

    /// <summary>The most numbers that have as many functions as rows allow. With more, a higher rate is better.</summary>
    public const int NumbersOfAllFunctions = 256;

    /// <summary>How many deviations from its mean a feature may be.</summary>
    public const float Farthest = 3;

    /// <summary>The same in a linear model, and where labels go with the numbers along a straight line as far as these reach (<see cref="LinearTargets"/>).</summary>
    public const float FarthestOfLinear = 100;

    /// <summary>The same for features with principal components, and for these: nearer limits bend small differences that many columns share.</summary>
    public const float FarthestOfComponents = 10;

    /// <summary>The same where the features themselves are learned. Nearer limits would hide how far away an anomaly is.</summary>
    public const float FarthestOfReconstruction = 10;

    /// <summary>The most columns that components are of where these are all that is learned from.</summary>
    public const int MostColumnsOfComponents = 1 << 14;

    /// <summary>The mean squared error, beside the variance of the labels, up to which a linear model of more features than rows is held to be what there is to learn.</summary>
    public const double MostErrorOfLinear = 0.5;

    /// <summary>The same of columns that go together: functions of single ones tell little besides.</summary>
    public const double MostErrorOfColumnsTogether = 0.9;

    private const int FunctionsOfManyRows = 8;

    /// <summary>Functions of each number. Of many classes, each has few rows to tell what many functions are.</summary>
    public static int EmbeddingUnits(RowSource rows, int numbers) => EmbeddingUnits(rows.ClassCount > 2 ? (int)(2L * rows.Count / rows.ClassCount) : rows.Count, numbers);

    /// <summary>The same where labels are numbers, or classes are two.</summary>
    public static int EmbeddingUnits(int rows, int numbers) => Math.Min(rows < RowsOfManyFunctions ? 2 : FunctionsOfManyRows, Math.Max(1, MostFunctions / numbers));

    /// <summary>How much faster than weights the scale of a number is learned, so that columns that tell nothing are soon turned down. With plain gradient descent it would be the square of that: nobody has measured what is good there.</summary>
    public static float ScaleRateFor(Optimizer? optimizer) => optimizer is StochasticGradientDescent ? 0 : 6;

    /// <summary>The most that is left of an indicator that may tell nothing. A word tells less by itself than a column of a table.</summary>
    public static double MostFloorOf(int columns) => columns <= MostColumns ? 0.05 : 0.3;
}
