using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>Decides by the rows what stands before and beside the hidden layers. A network that is gone on from brings its own.</summary>
/// <param name="options">Those of the training. What they leave open of its layers is still open.</param>
/// <param name="task">What the label asks of the network.</param>
/// <param name="initial">The network to go on from; null to begin anew.</param>
internal sealed class TableDesign(DenseNeuralNetOptions options, NetworkTask task, Network? initial)
{
    /// <summary>An initial model brings its own standardization, or none. Numbers of words and categories, which are looked up, stay what they are.</summary>
    public bool IsStandardizing { get; } = options.NormalizeFeatures == FeatureNormalization.On
        || (options.NormalizeFeatures == FeatureNormalization.Auto && !options.BeginsWithEmbedding && (initial is null || TableLayers.StandardizationOf(initial) is not null));

    /// <summary>What is known before a row is read.</summary>
    public TableLayers BeforeRows => new(Missing: null, Standardization, Embedding: null);

    private StandardizationLayer? Standardization => !IsStandardizing ? null
        : (initial is null ? null : TableLayers.StandardizationOf(initial)) ?? CreateStandardization(task.LearnsFeatures ? TableDefaults.FarthestOfReconstruction : TableDefaults.Farthest);

    /// <summary>Decides.</summary>
    /// <param name="input">The shape of the features.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <returns>The layers, and what their principal components were chosen by, if they were.</returns>
    public (TableLayers Layers, ComponentChoice Choice) For(Shape input, TrainingRows rows)
    {
        if (initial is not null)
            return (OfInitial(initial), default);
        var training = rows.Training;
        int[] columns = [.. training.MissingColumns.Union(rows.Validation?.MissingColumns ?? []).Order()];
        var missing = columns.Length == 0 ? null : new MissingValueLayer(columns);
        var numbers = ColumnsToEmbed(input, training);
        var (components, ofComponents, choice) = CreateComponents(input, training, missing, numbers);
        // Of numbers that go together, what each tells is told by many.
        var screened = components is null ? Screen(training, numbers) : null;
        var (embedding, codes) = components is null ? Embed(training, screened?.Told ?? numbers) : (ofComponents, null);
        var isBeside = embedding is not null && training.IsSparse;
        var linear = LookForLine(input, training, missing, components);
        var standardization = !IsStandardizing || task.LearnsFeatures ? Standardization
            : CreateStandardization(components is not null ? TableDefaults.FarthestOfComponents : linear.AsFarAsValuesReach ? TableDefaults.FarthestOfLinear : TableDefaults.Farthest);
        var screens = options.Layers is null && !task.LearnsFeatures && components is not { KeepsInputs: false } && HasFewRows(input, training);
        return (new TableLayers(missing, standardization, embedding, isBeside, screens, components, HasSumsBeside: linear.AreTold && embedding is not null && !isBeside, codes, screened), choice);
    }

    private TableLayers OfInitial(Network initial)
    {
        var (embedding, isBeside, hasSumsBeside) = options is { NumericEmbedding: not NumericEmbedding.Off, Layers: null } ? TableLayers.EmbeddingOf(initial) : default;
        var components = options.Layers is null ? initial.Layers.Select(place => place.Layer).OfType<PrincipalComponentsLayer>().FirstOrDefault() : null;
        return new(initial.Layers[0].Layer as MissingValueLayer, Standardization, embedding, isBeside, Screens: options.Layers is null && TableLayers.AreScreened(initial), components, hasSumsBeside);
    }

    private StandardizationLayer CreateStandardization(float limit) => new(limit, takesMissingForMean: options.MissingFeatures == MissingFeatures.Auto);

    /// <summary>The numbers that have functions of their own, as far as components leave it at that; none where nothing is embedded.</summary>
    private int[] ColumnsToEmbed(Shape input, RowSource rows)
    {
        if (options.NumericEmbedding == NumericEmbedding.Off || options.Layers is not null || (options.NumericEmbedding == NumericEmbedding.Auto && !MayEmbed(input, rows)))
            return [];
        var columns = options.NumericEmbedding == NumericEmbedding.On ? ColumnBins.WithSeveralValues(rows.Features) : Numbers(rows);
        return columns.Length > TableDefaults.MostColumns ? [] : columns;
    }

    private (NumericEmbeddingLayer? Embedding, int[]? Codes) Embed(RowSource rows, int[] columns)
    {
        if (columns.Length == 0)
            return default;
        // Behind the features may be indicators of missing ones, which have two values.
        var codes = rows is RowSubset inMemory ? CodeColumns.Of(inMemory, columns, TableDefaults.EmbeddingBins + 1) : [];
        var bins = codes.Length > 0 ? codes.Max(code => ColumnBins.Needed(rows.Features, [code], CodeColumns.MostBins(rows.Features, code))) : ColumnBins.Needed(rows.Features, columns, TableDefaults.EmbeddingBins);
        return (new NumericEmbeddingLayer(TableDefaults.EmbeddingUnits(rows, columns.Length), bins, columns, TableDefaults.ScaleRateFor(options.Optimizer)), codes);
    }

    /// <summary>Of how widely labels spread, which losses of quantiles learn too, screening knows nothing.</summary>
    private ScreenedNumbers? Screen(RowSource rows, int[] columns) =>
        options is { NumericEmbedding: NumericEmbedding.Auto, Loss: not (QuantileLoss or MultiQuantileLoss) } && IsStandardizing && task.HasOneLabel(rows) && rows is RowSubset inMemory
            ? NumberScreening.Of(inMemory, columns, options.ThrowIfCanceled) : null;

    /// <summary>Of features of several values, those that are no words.</summary>
    private static int[] Numbers(RowSource rows) => [.. ColumnBins.WithSeveralValues(rows.Features).Where(column => !rows.Features.Words.ContainsKey(column))];

    private bool MayEmbed(Shape input, RowSource rows) => input.Dimensions.Length == 1 && (input.Size <= TableDefaults.MostColumns || rows.IsSparse) && options.HiddenLayers is null;

    private TableComponents CreateComponents(Shape input, RowSource rows, MissingValueLayer? missing, int[] numbers)
    {
        var mayHave = IsStandardizing && options is { HiddenLayers: null, Layers: null, NumericEmbedding: not NumericEmbedding.Off } && rows is RowSubset { IsSparse: false } && (numbers.Length > 0 || HasFewRows(input, rows));
        // A linear model predicts the mean or classes that exclude each other, learns from all rows alike, and has no functions of numbers.
        var areExclusive = task.Outputs == 1 || task.OutputActivation == Activation.Softmax;
        var isUsualLoss = rows.IsClassification ? options.Loss is null or SoftmaxCrossEntropy or BinaryCrossEntropy : LearnsMeans;
        var mayBeLinear = isUsualLoss && (areExclusive || !rows.IsClassification) && options is { NumericEmbedding: NumericEmbedding.Auto, ClassWeights: null } && rows is RowSubset { Data.HasWeights: false };
        return mayHave ? TableComponents.Choose(input, (RowSubset)rows, missing, CreateStandardization(TableDefaults.FarthestOfComponents), numbers, TableDefaults.ScaleRateFor(options.Optimizer), mayBeLinear) : new(null, null);
    }

    private bool LearnsMeans => task.HasFreeTargets(options.Loss) && options.Loss is MeanSquaredError;

    /// <summary>Nothing may be clipped of a linear model. Beside principal components, a line would keep functions of these from being learned.</summary>
    private LinearTargets LookForLine(Shape input, RowSource rows, MissingValueLayer? missing, PrincipalComponentsLayer? components)
    {
        if (options.Layers is not null || input.Dimensions.Length > 1 || !IsStandardizing || task.LearnsFeatures)
            return default;
        if (options.HiddenLayers is { Count: 0 })
            return new LinearTargets(AsFarAsValuesReach: true, AreTold: false);
        if (rows is not RowSubset { IsSparse: false } inMemory || !LearnsMeans || components is not null)
            return default;
        var clipped = Front(TableDefaults.Farthest);
        var columns = clipped.OutputShape.Size;
        var areAll = columns <= LinearTargets.MostColumns;
        var linear = LinearTargets.Of(clipped, () => Front(TableDefaults.FarthestOfLinear), inMemory, areAll ? [.. Enumerable.Range(0, columns)] : Numbers(rows));
        return linear with { AreTold = linear.AreTold && areAll };

        Network Front(float limit) => InputStatistics.Front(input, missing, CreateStandardization(limit), inMemory);
    }

    /// <summary>Whether features are so many, and rows so few, that hidden layers would learn only chance.</summary>
    private bool HasFewRows(Shape input, RowSource rows) => IsStandardizing && rows is RowSubset { IsSparse: false } && options.HiddenLayers is not { Count: > 0 }
        && input.Dimensions.Length == 1 && input.Size > Math.Max(rows.Count, TableDefaults.MostColumns);
}
