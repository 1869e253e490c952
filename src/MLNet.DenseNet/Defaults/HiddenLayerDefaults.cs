using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The hidden layers of tables where they are others than <see cref="DenseNeuralNetOptions.DefaultHiddenLayers"/> and the options leave them open. Those of images and sequences are <see cref="ConvolutionLayers"/>.</summary>
internal static class HiddenLayerDefaults
{
    /// <summary>A class is rare where less than so many rows are of any class but the commonest, and those are a tenth of all or less. What is held out of them tells hardly more than chance when to stop, and till then hidden layers learn less than a linear model does.</summary>
    public const int RowsOfRareClasses = 30;

    private const int RowsForEachRareOne = 10;

    /// <summary>The units of each hidden layer where numbers are embedded: much of what there is to learn is in the functions of single numbers.</summary>
    public static readonly IReadOnlyList<int> OfEmbedding = [64, 32];

    /// <summary>In classifications: what tells classes apart are single words and categories, hardly what several of them are together. Numbers need as much as those of tables.</summary>
    public static readonly IReadOnlyList<int> OfSparseClasses = [32];

    public static IReadOnlyList<int> OfSparse(RowSource rows) => rows.IsClassification ? OfSparseClasses : OfEmbedding;

    /// <summary>Of a network that learns its own features: a bottleneck between two wide layers, so that it cannot put all of them through. Half or twice the units in the middle, or other widths beside it, told anomalies no better on the tables of the benchmarks' command "anomalies".</summary>
    public static IReadOnlyList<int> OfReconstruction(int columns) => [64, Math.Max(1, (int)Math.Round(Math.Sqrt(columns))), 64];

    /// <summary>Fills in what decides the layers of a network that learns its own features.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="columns">How many features there are.</param>
    /// <param name="initial">The network to go on from; null to begin anew.</param>
    public static void FillInReconstruction(DenseNeuralNetOptions options, int columns, Network? initial)
    {
        options.EnsembleSize ??= initial?.Members.Length ?? 1;
        if (options.Layers is null)
            options.HiddenLayers ??= OfReconstruction(columns);
    }

    /// <summary>Makes the model of a table linear where classes are rare and hidden layers are left open.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <param name="input">The shape of the features. Of more of them than rows, principal components tell more.</param>
    /// <returns>How many rows are of other classes than the commonest; null where it changes nothing.</returns>
    public static int? FillInRareClasses(DenseNeuralNetOptions options, RowSource rows, Shape input)
    {
        if (options is not { HiddenLayers: null, Layers: null, NumericEmbedding: not NumericEmbedding.On } || input.Dimensions.Length > 1 || input.Size > rows.Count || rows.IsSparse || !rows.IsClassification)
            return null;
        var others = rows.Targets.RowsOfOtherClasses;
        if (others >= RowsOfRareClasses || others * RowsForEachRareOne > rows.Count)
            return null;
        options.HiddenLayers = [];
        return others;
    }

    /// <summary>Fills in those of the kinds of networks.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="kind">What kind of network it is.</param>
    public static void FillIn(DenseNeuralNetOptions options, RowSource rows, NetworkKind kind)
    {
        if (kind.IsForFewRows || kind.IsLinear)
            options.HiddenLayers ??= [];
        else if (kind.IsForWords)
            options.HiddenLayers ??= OfSparse(rows);
        else if (kind.EmbedsNumbers)
            options.HiddenLayers ??= OfEmbedding;
    }
}
