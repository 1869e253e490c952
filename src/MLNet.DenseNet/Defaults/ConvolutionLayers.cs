using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// The hidden layers for images and sequences where the options leave them open: convolutions, each followed by a max pooling that halves the sides and doubles the filters, until a side is below 8, then a dense layer between dropouts. This was
/// the best, or as good as the best and simpler, over sets of images from 8 x 8 to 64 x 64 and of sequences from 28 to 128 steps. The benchmarks' command "images" shows it.
/// </summary>
internal static class ConvolutionLayers
{
    // Below, there is nothing for a window to move over.
    private const int SmallestSide = 4;

    // Beyond, what lies between the layers of a row takes megabytes.
    private const int MostSteps = 4096;

    private const int MostStepsOfSeveralNetworks = 512;

    // Sides are halved as long as they are not smaller.
    private const int PooledSide = 8;
    private const int MostDoublings = 2;
    private const int Units = 128;

    // A window of an image is in two dimensions, and has more to tell.
    private static readonly Settings OfImages = new(FirstFilters: 32, KernelSize: 3, DropoutRate: 0.5f);
    private static readonly Settings OfSequences = new(FirstFilters: 16, KernelSize: 5, DropoutRate: 0.3f);

    /// <summary>Whether a shape is that of an image or a sequence which is large enough for them.</summary>
    public static bool Suit(Shape input) => input.Dimensions is [>= SmallestSide, >= SmallestSide, _] or [>= SmallestSide and <= MostSteps, _];

    /// <summary>Whether a network of them takes many times the time of one for a table, so that one is enough.</summary>
    public static bool TakeLong(Shape input) => input.Dimensions is not [<= MostStepsOfSeveralNetworks, _];

    /// <param name="input">The shape of an image or a sequence.</param>
    /// <param name="activation">The activation of all of them.</param>
    /// <param name="dropoutRate">The share that is dropped before and after the dense layer; 0 for the default.</param>
    public static IEnumerable<Layer> For(Shape input, Activation activation, float dropoutRate)
    {
        var settings = input.Dimensions.Length > 2 ? OfImages : OfSequences;
        var (side, filters) = (input.Dimensions[..^1].ToArray().Min(), settings.FirstFilters);
        do
        {
            yield return new ConvolutionLayer(filters, settings.KernelSize, padding: Padding.Same, activation: activation);
            yield return new MaxPoolingLayer(2);
            (side, filters) = (side / 2, Math.Min(2 * filters, settings.FirstFilters << MostDoublings));
        }
        while (side >= PooledSide);

        dropoutRate = dropoutRate > 0 ? dropoutRate : settings.DropoutRate;
        yield return new DropoutLayer(dropoutRate);
        yield return new DenseLayer(Units, activation);
        yield return new DropoutLayer(dropoutRate);
    }

    /// <param name="FirstFilters">Of the first convolution; later ones have up to four times as many.</param>
    /// <param name="KernelSize">The sides of a window.</param>
    /// <param name="DropoutRate">Such networks have far more weights than there are rows, and learn these by heart: with half of an image's values dropped, log-loss was up to a fifth lower on all sets, at the same accuracy.</param>
    private readonly record struct Settings(int FirstFilters, int KernelSize, float DropoutRate);
}
