using System.Numerics;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// What a pipeline's trainer does where the options leave it open, by the rows that it has. These were the best values, or as good as the best and simpler, over some hundred tables of
/// 150 to 100,000 rows. The benchmarks' command "defaults" shows them on the tables of the repository.
/// </summary>
internal static class DefaultSettings
{
    public const int NetworksOfEnsemble = 4;

    /// <summary>From <see cref="RowsOfTwoNetworks"/> rows on: of so many, networks learn nearly the same, and two bring nearly all that four do, in half the time. Rows of words and categories have far more to be learned by chance.</summary>
    public const int NetworksOfManyRows = 2;

    public const int RowsOfTwoNetworks = 3000;

    /// <summary>The most features or outputs of an ensemble: with more, a first or last layer takes many megabytes, and an ensemble takes them for each of its networks.</summary>
    public const int MostColumnsOfEnsemble = 10_000;

    /// <summary>The most weights of a first hidden layer of an ensemble where rows are sparse: a step takes time for the features of its rows alone, and four such networks some 600 megabytes.</summary>
    public const int MostSparseWeightsOfEnsemble = 1 << 23;

    public const int BatchSize = TrainingOptions.DefaultBatchSize;

    /// <summary>From <see cref="RowsOfLargeBatches"/> rows on, in a ranking, and in regressions of embedded numbers whose steps are orthogonalized.</summary>
    public const int LargeBatchSize = 128;

    public const int RowsOfLargeBatches = 10_000;

    /// <summary>How often <see cref="LargeBatchSize"/> is doubled where steps are orthogonalized, at twice and four times <see cref="RowsOfLargeBatches"/>: each such step takes time of its own, and an epoch of so many rows has enough of them.</summary>
    private const int MostDoublings = 2;

    public const float WeightDecay = 0.1f;

    /// <summary>Where numbers are embedded: the functions of single numbers are many weights.</summary>
    public const float WeightDecayOfEmbedding = 0.3f;

    public const float LearningRate = 0.003f;

    /// <summary>With batches of more than <see cref="BatchSize"/> rows, whose gradients are surer, and where many functions of numbers tell classes apart.</summary>
    public const float HigherLearningRate = 0.005f;

    /// <summary>From so many rows on, where numbers are embedded, and in regressions of sparse rows, the steps of hidden layers are orthogonalized: more is learned of many rows, in larger batches, which make up for what the steps take. In fewer, it is only chance; and with losses that go by the sign of an error, such as those of quantiles, steps that are all equally long end too far beside.</summary>
    public const int RowsOfOrthogonalizedSteps = 3000;

    /// <summary>There, in classifications of less than <see cref="RowsOfLargeBatches"/> rows.</summary>
    public const int BatchSizeOfClassification = 64;

    /// <summary>There, with less than <see cref="RowsOfLargeBatches"/> rows, in how many steps one is orthogonalized: in smaller batches, that takes as long as all else.</summary>
    private const int IntervalOfOrthogonalizedSteps = 2;

    /// <summary>There, in classifications, and where numbers are many.</summary>
    public const float HighestLearningRate = 0.01f;

    /// <summary>Of the rate, where a training goes on from a model and finds its epochs itself. Weights that were learned are soon lost at a rate that is made for new ones, and where the new rows have more to tell, as much is learned at this one.</summary>
    public const float RateOfGoingOn = 0.1f;

    /// <summary>There, where no row can be held out, or all are of one class, of which more and more would be learned.</summary>
    public const int EpochsOfGoingOn = 3;

    /// <summary>Without a hidden layer: a stronger decay would keep the weights from the large values that such a network needs.</summary>
    public const float WeightDecayOfLinear = 0.01f;

    /// <summary>The most pieces of each function of a number.</summary>
    public const int EmbeddingBins = 128;

    /// <summary>From so many rows on, more functions of each number and more patience find more. In fewer, they also find more that is only chance.</summary>
    public const int RowsOfManyFunctions = 800;

    /// <summary>A class is rare where less than so many rows are of any class but the commonest, and those are a tenth of all or less. What is held out of them tells hardly more than chance when to stop, and till then hidden layers learn less than a linear model does.</summary>
    public const int RowsOfRareClasses = 30;

    private const int RowsForEachRareOne = 10;

    private const int FunctionsOfManyRows = 8;

    private const int AnnealingEpochs = 5;

    // With 200 and 10, a chessboard of 64 fields was not learned from 2,000 rows in 5 of 12 trials; tables of which something is learned at once take no longer.
    private const int StepsOfBeginning = 1500;
    private const int MostEpochsOfBeginning = 20;

    /// <summary>How many deviations from its mean a feature may be.</summary>
    public const float Farthest = 3;

    /// <summary>The same in a linear model, and where labels go with the numbers along a straight line as far as these reach (<see cref="LinearTargets"/>).</summary>
    public const float FarthestOfLinear = 100;

    /// <summary>The same for features with principal components, and for these: nearer limits bend small differences that many columns share.</summary>
    public const float FarthestOfComponents = 10;

    /// <summary>The most columns that components are of where these are all that is learned from.</summary>
    public const int MostColumnsOfComponents = 1 << 14;

    /// <summary>The mean squared error, beside the variance of the labels, up to which a linear model of more features than rows is held to be what there is to learn.</summary>
    public const double MostErrorOfLinear = 0.5;

    /// <summary>The same of columns that go together: functions of single ones tell little besides.</summary>
    public const double MostErrorOfColumnsTogether = 0.9;

    /// <summary>How many deviations from its mean a feature may be where the features themselves are learned. Nearer limits would hide how far away an anomaly is.</summary>
    public const float FarthestOfReconstruction = 10;

    /// <summary>The most features of a table whose numbers, features of more than two values, may be embedded. Of more features than that and than rows, hidden layers learn only chance.</summary>
    public const int MostTableColumns = FeatureStatistics.MostTableColumns;

    /// <summary>The most functions of single numbers. Of more numbers, each has fewer: that takes less time, and nearly all that is lost without them comes back with two.</summary>
    public const int MostFunctions = FunctionsOfManyRows * NumbersOfAllFunctions;

    /// <summary>The most numbers that have as many functions as rows allow. With more, a higher rate is better.</summary>
    public const int NumbersOfAllFunctions = 256;

    /// <summary>In classifications of sparse rows: a step moves the weights of all words and categories of a row about as far, so that together they soon tell the rows themselves.</summary>
    public const float LearningRateOfSparseClasses = 0.0003f;

    /// <summary>There, with a number of epochs that may be small, of sparse rows without a hidden layer, and where a linear model begins at its solution.</summary>
    public const float LowerLearningRate = 0.001f;

    /// <summary>The units of each hidden layer where numbers are embedded: much of what there is to learn is in the functions of single numbers.</summary>
    public static readonly IReadOnlyList<int> HiddenLayersOfEmbedding = [64, 32];

    /// <summary>In classifications: what tells classes apart are single words and categories, hardly what several of them are together. Numbers need as much as those of tables.</summary>
    public static readonly IReadOnlyList<int> HiddenLayersOfSparseClasses = [32];

    public static readonly Optimizer Optimizer = new AdamW();

    /// <summary>The number of networks, which decides how rows are held out.</summary>
    /// <param name="options">The options, with the number of epochs as the user left it.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="outputs">The network's outputs.</param>
    /// <param name="takesLong">Whether a network takes many times the time of one for a table.</param>
    /// <param name="initial">The network to go on from; null to begin anew.</param>
    public static int EnsembleSize(DenseNeuralNetOptions options, RowSource rows, int outputs, bool takesLong, Network? initial)
    {
        if (initial is not null)
            return initial.Members.Length;
        var firstUnits = (options.HiddenLayers ?? HiddenLayersOfSparse(rows)).Append(outputs).First();
        var isSmall = rows.IsSparse ? (long)rows.Inputs * firstUnits <= MostSparseWeightsOfEnsemble : rows.Inputs <= MostColumnsOfEnsemble;
        var areFew = isSmall && outputs <= MostColumnsOfEnsemble;
        if (options.NumberOfEpochs is not null || options.Layers is not null || takesLong || rows is not RowSubset || !areFew)
            return 1;
        return rows.IsSparse || rows.Count < RowsOfTwoNetworks ? NetworksOfEnsemble : NetworksOfManyRows;
    }

    private static IReadOnlyList<int> HiddenLayersOfSparse(RowSource rows) => rows.IsClassification ? HiddenLayersOfSparseClasses : HiddenLayersOfEmbedding;

    /// <summary>Fills in what decides the layers of a network that learns its own features: a bottleneck between two wide layers, so that it cannot put all of them through.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="columns">How many features there are.</param>
    /// <param name="initial">The network to go on from; null to begin anew.</param>
    public static void FillInReconstruction(DenseNeuralNetOptions options, int columns, Network? initial)
    {
        options.EnsembleSize ??= initial?.Members.Length ?? 1;
        if (options.Layers is null)
            options.HiddenLayers ??= HiddenLayersOfReconstruction(columns);
    }

    /// <summary>Half or twice the units in the middle, or other widths beside it, told anomalies no better on the tables of the benchmarks' command "anomalies".</summary>
    internal static IReadOnlyList<int> HiddenLayersOfReconstruction(int columns) => [64, Math.Max(1, (int)Math.Round(Math.Sqrt(columns))), 64];

    /// <summary>Makes the model of a table linear where classes are rare and hidden layers are left open.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <param name="input">The shape of the features. Of more of them than rows, principal components tell more.</param>
    /// <returns>How many rows are of other classes than the commonest; null where it changes nothing.</returns>
    public static int? FillInRareClasses(DenseNeuralNetOptions options, RowSource rows, Shape input)
    {
        if (options is not { HiddenLayers: null, Layers: null, NumericEmbedding: not NumericEmbedding.On } || input.Dimensions.Length > 1 || input.Size > rows.Count || rows.IsSparse || !rows.IsClassification)
            return null;
        var others = rows.Count - rows.Targets.ClassSizes.ToArray().Max();
        if (others >= RowsOfRareClasses || others * RowsForEachRareOne > rows.Count)
            return null;
        options.HiddenLayers = [];
        return others;
    }

    /// <summary>Fills in the hidden layers of a table where they are others than <see cref="DenseNeuralNetOptions.DefaultHiddenLayers"/>.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="kind">What kind of network it is.</param>
    public static void FillInHiddenLayers(DenseNeuralNetOptions options, RowSource rows, NetworkKind kind)
    {
        if (kind.IsForFewRows || kind.IsLinear)
            options.HiddenLayers ??= [];
        else if (kind.IsForWords)
            options.HiddenLayers ??= HiddenLayersOfSparse(rows);
        else if (kind.EmbedsNumbers)
            options.HiddenLayers ??= HiddenLayersOfEmbedding;
    }

    /// <summary>Fills in all other options that are open.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <param name="kind">What kind of network it is.</param>
    /// <param name="standardizesTargets">Whether it is a regression that learns standardized targets. The losses of counts and skewed amounts are likelihoods, as those of classes, whose best decay did not go with what was left to learn.</param>
    /// <param name="goesOn">Whether it has learned before, and finds its epochs itself.</param>
    public static void FillIn(DenseNeuralNetOptions options, TrainingRows rows, NetworkKind kind, bool standardizesTargets, bool goesOn = false)
    {
        var count = rows.Training.Count;
        var findsEpochs = options.NumberOfEpochs is null;
        var isClassification = rows.Training.ClassCount > 0;
        var embedsNumbers = kind.EmbedsNumbers;
        var orthogonalizes = findsEpochs && rows.AreMeasured && MayOrthogonalize(options) && LearnsByOrthogonalizedSteps(options, rows.Training, kind);
        // Of the weights, instead of an annealing.
        var averagesInstead = orthogonalizes && kind.IsForImages;
        options.BatchSize ??= SizeOfBatches(rows.Training, kind, orthogonalizes);
        options.NumberOfEpochs ??= goesOn && (!rows.AreMeasured || rows.Training.Targets.DistinctClasses == 1) ? EpochsOfGoingOn : MostEpochs(count);
        if (findsEpochs && rows.AreMeasured)
        {
            if (options is { EarlyStopping: null, LearningRateSchedule: null })
            {
                options.AverageWeights ??= embedsNumbers || averagesInstead;
                options.LearningRateSchedule = new ConstantSchedule();
                options.EarlyStopping = embedsNumbers && options.AverageWeights.Value
                    ? Averaged(isClassification, count, options.BatchSize.Value) : Annealed(patience: 10, epochs: averagesInstead ? 0 : AnnealingEpochs, count, options.BatchSize.Value);
            }

            options.EarlyStopping ??= new EarlyStopping(EarlyStoppingMetric.Loss, Patience(options.NumberOfEpochs.Value));
        }

        options.LearningRateSchedule ??= options.EarlyStopping is { AnnealingEpochs: > 0 } ? new ConstantSchedule() : new CosineSchedule();
        // One core is left to the thread that reads.
        if (rows.Training is StreamedRows)
            options.NumberOfThreads ??= Math.Max(1, Environment.ProcessorCount - 1);
        // Rate and decay belong to the optimizer: one that was given has its own.
        if (options.Optimizer is not null)
            return;
        // The weights of hidden layers behind numbers learn best at a rate of 0.01, those of functions of numbers at that in a classification and at half of it in a regression.
        options.Optimizer = orthogonalizes
            ? new Muon(factor: embedsNumbers && !isClassification ? 2 : 1, iterations: 3, interval: embedsNumbers && count < RowsOfLargeBatches ? IntervalOfOrthogonalizedSteps : 1, includesFirst: !AreMostlyIndicators(rows.Training, kind)) : Optimizer;
        options.AdaptWeightDecay ??= options.WeightDecay is null && standardizesTargets;
        options.WeightDecay ??= options.HasNoHiddenLayer ? WeightDecayOfLinear : embedsNumbers ? WeightDecayOfEmbedding : WeightDecay;
        var rate = options.HasNoHiddenLayer ? (kind.IsForWords || kind.IsLinear ? LowerLearningRate : LearningRateOfLinear(count))
            : kind.IsForWords && isClassification ? (findsEpochs ? LearningRateOfSparseClasses : LowerLearningRate)
            : LearningRateFor(options.BatchSize.Value, rows.Training, kind, orthogonalizes);
        options.LearningRate ??= goesOn ? RateOfGoingOn * rate : rate;
    }

    /// <summary>With hidden layers, but for classifications of sparse rows.</summary>
    private static float LearningRateFor(int batchSize, RowSource rows, NetworkKind kind, bool orthogonalizes)
    {
        if (kind.EmbedsNumbers && (orthogonalizes ? rows.IsClassification : kind.EmbeddedNumbers > NumbersOfAllFunctions))
            return HighestLearningRate;
        var tellsClassesByFunctions = kind.EmbedsNumbers && rows.IsClassification && rows.Count >= RowsOfManyFunctions;
        return batchSize > BatchSize || tellsClassesByFunctions ? HigherLearningRate : LearningRate;
    }

    /// <summary>Whether the options leave open all that goes with such steps.</summary>
    private static bool MayOrthogonalize(DenseNeuralNetOptions options) =>
        options is { EarlyStopping: null, LearningRateSchedule: null, AverageWeights: not false, Optimizer: null, LearningRate: null, BatchSize: null or >= BatchSizeOfClassification };

    /// <summary>Whether such steps are what this network learns best by: in classifications of images always, though not of sequences, which learned as much by steps of the usual optimizer, in less time. In regressions of sparse rows too, where what two categories tell only together, as how a user likes a film, is hardly found otherwise.</summary>
    private static bool LearnsByOrthogonalizedSteps(DenseNeuralNetOptions options, RowSource rows, NetworkKind kind)
    {
        var isClassification = rows.IsClassification;
        var isUsualLoss = isClassification ? options.Loss is null or SoftmaxCrossEntropy or BinaryCrossEntropy : options.Loss is null or MeanSquaredError;
        var hasMany = rows.Count >= RowsOfOrthogonalizedSteps && !options.HasNoHiddenLayer;
        return isUsualLoss && !rows.HasGroups && ((hasMany && (kind.EmbedsNumbers || (kind.IsForWords && !isClassification))) || (kind.IsForImages && isClassification));
    }

    /// <summary>Whether two of three inputs of the first hidden layer are no numbers or functions of these.</summary>
    private static bool AreMostlyIndicators(RowSource rows, NetworkKind kind)
    {
        const int Share = 2;
        return kind.EmbedsNumbers && rows.Inputs - kind.EmbeddedNumbers > Share * kind.EmbeddedNumbers * (1 + EmbeddingUnits(rows, kind.EmbeddedNumbers));
    }

    private static int SizeOfBatches(RowSource rows, NetworkKind kind, bool orthogonalizes)
    {
        if (kind.EmbedsNumbers && orthogonalizes)
        {
            var doublings = Math.Min(MostDoublings, BitOperations.Log2((uint)(rows.Count / RowsOfLargeBatches)));
            return rows.IsClassification && rows.Count < RowsOfLargeBatches ? BatchSizeOfClassification : LargeBatchSize << doublings;
        }

        // A batch of 32 rows would often be a single group. Of sparse rows, small batches take hardly more time, and as many steps find more.
        return rows.HasGroups || (rows.Count >= RowsOfLargeBatches && !kind.IsForWords) ? LargeBatchSize : BatchSize;
    }

    /// <summary>As many steps for many rows as for few would take too long, as many epochs too few steps: the square root lies between.</summary>
    internal static int MostEpochs(int rows) => (int)Math.Clamp(Math.Round(5000 / Math.Sqrt(rows)), 10, 200);

    /// <summary>
    /// The end of a training that averages the weights of functions of single numbers. An average gets better so steadily that it needs little patience. The functions are soon learned, and from few rows soon what is only chance; epochs of many rows are longer, and what is held
    /// out of them tells the better one with more certainty. Steps of a high rate may end beside what is to be learned, such as a quantile, and so does their average: regressions anneal. Classes of few rows are told apart as well, or better, without; of more, what several numbers tell
    /// together is often found only as the rate falls.
    /// </summary>
    /// <param name="isClassification">Whether rows have a class.</param>
    /// <param name="rows">Of an epoch.</param>
    /// <param name="batchSize">Of a step.</param>
    internal static EarlyStopping Averaged(bool isClassification, int rows, int batchSize)
    {
        const int EpochsOfRegression = 2;
        var patience = rows < RowsOfManyFunctions ? 3 : rows < RowsOfLargeBatches ? 5 : 1;
        var annealing = isClassification ? (rows < RowsOfOrthogonalizedSteps ? 0 : AnnealingEpochs) : rows < RowsOfLargeBatches ? EpochsOfRegression : AnnealingEpochs;
        return Annealed(patience, annealing, rows, batchSize);
    }

    /// <summary>The rate stays high as long as that helps, and falls to 0 then. What only several features tell together, as the fields of a chessboard, may take a thousand steps to begin.</summary>
    private static EarlyStopping Annealed(int patience, int epochs, int rows, int batchSize) =>
        new(EarlyStoppingMetric.Loss, patience) { InitialPatience = Math.Clamp(StepsOfBeginning / Math.Max(1, rows / batchSize), 1, MostEpochsOfBeginning), AnnealingEpochs = epochs };

    /// <summary>How much faster than weights the scale of a number is learned, so that columns that tell nothing are soon turned down. With plain gradient descent it would be the square of that: nobody has measured what is good there.</summary>
    internal static float ScaleRateFor(Optimizer? optimizer) => optimizer is StochasticGradientDescent ? 0 : 6;

    /// <summary>Functions of each number. Of many classes, each has few rows to tell what many functions are.</summary>
    internal static int EmbeddingUnits(RowSource rows, int numbers) => EmbeddingUnits(rows.ClassCount > 2 ? (int)(2L * rows.Count / rows.ClassCount) : rows.Count, numbers);

    /// <summary>The same where labels are numbers, or classes are two.</summary>
    internal static int EmbeddingUnits(int rows, int numbers) => Math.Min(rows < RowsOfManyFunctions ? 2 : FunctionsOfManyRows, Math.Max(1, MostFunctions / numbers));

    /// <summary>The most that is left of an indicator that may tell nothing. A word tells less by itself than a column of a table.</summary>
    internal static double MostFloorOf(int columns) => columns <= MostTableColumns ? 0.05 : 0.3;

    /// <summary>Where the rate follows a schedule.</summary>
    internal static int Patience(int epochs) => Math.Max(10, epochs / 5);

    /// <summary>A network without a hidden layer has one best model, far from where it begins. High rates reach it in as few epochs; low ones come nearer to it where rows are many.</summary>
    internal static float LearningRateOfLinear(int rows) => (float)Math.Clamp(0.5 / Math.Sqrt(rows), 0.003, 0.03);
}
