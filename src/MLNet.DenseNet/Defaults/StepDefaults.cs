using System.Numerics;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The optimizer, the size of its batches, its rate and its decay, where the options leave them open.</summary>
internal static class StepDefaults
{
    public const int BatchSize = TrainingOptions.DefaultBatchSize;

    /// <summary>From <see cref="RowsOfLargeBatches"/> rows on, in a ranking, and in regressions of embedded numbers whose steps are orthogonalized.</summary>
    public const int LargeBatchSize = 128;

    public const int RowsOfLargeBatches = 10_000;

    /// <summary>From so many rows on, where numbers are embedded, and in regressions of sparse rows, the steps of hidden layers are orthogonalized: more is learned of many rows, in larger batches, which make up for what the steps take. In fewer, it is only chance; and with losses that go by the sign of an error, such as those of quantiles, steps that are all equally long end too far beside.</summary>
    public const int RowsOfOrthogonalizedSteps = 3000;

    /// <summary>There, in classifications of less than <see cref="RowsOfLargeBatches"/> rows.</summary>
    public const int BatchSizeOfClassification = 64;

    public const float WeightDecay = 0.1f;

    /// <summary>Where numbers are embedded: the functions of single numbers are many weights.</summary>
    public const float WeightDecayOfEmbedding = 0.3f;

    /// <summary>Without a hidden layer: a stronger decay would keep the weights from the large values that such a network needs.</summary>
    public const float WeightDecayOfLinear = 0.01f;

    public const float LearningRate = 0.003f;

    /// <summary>With batches of more than <see cref="BatchSize"/> rows, whose gradients are surer, and where many functions of numbers tell classes apart.</summary>
    public const float HigherLearningRate = 0.005f;

    /// <summary>With orthogonalized steps in classifications of embedded numbers, and where these are many.</summary>
    public const float HighestLearningRate = 0.01f;

    /// <summary>In classifications of sparse rows: a step moves the weights of all words and categories of a row about as far, so that together they soon tell the rows themselves.</summary>
    public const float LearningRateOfSparseClasses = 0.0003f;

    /// <summary>There, with a number of epochs that may be small, of sparse rows without a hidden layer, and where a linear model begins at its solution.</summary>
    public const float LowerLearningRate = 0.001f;

    /// <summary>Of the rate, where a training goes on from a model and finds its epochs itself. Weights that were learned are soon lost at a rate that is made for new ones, and where the new rows have more to tell, as much is learned at this one.</summary>
    public const float RateOfGoingOn = 0.1f;

    /// <summary>How often <see cref="LargeBatchSize"/> is doubled where steps are orthogonalized, at twice and four times <see cref="RowsOfLargeBatches"/>: each such step takes time of its own, and an epoch of so many rows has enough of them.</summary>
    private const int MostDoublings = 2;

    /// <summary>There, with less than <see cref="RowsOfLargeBatches"/> rows, in how many steps one is orthogonalized: in smaller batches, that takes as long as all else.</summary>
    private const int IntervalOfOrthogonalizedSteps = 2;

    public static readonly Optimizer Optimizer = new AdamW();

    /// <summary>Whether steps are orthogonalized: where the options leave open all that goes with such steps, and this network learns best by them.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <param name="kind">What kind of network it is.</param>
    public static bool Orthogonalizes(DenseNeuralNetOptions options, TrainingRows rows, NetworkKind kind) =>
        options is { NumberOfEpochs: null, LeavesStepsOpen: true, AverageWeights: not false, BatchSize: null or >= BatchSizeOfClassification }
        && rows.AreMeasured && LearnsByOrthogonalizedSteps(options, rows.Training, kind);

    /// <summary>The rows of a batch.</summary>
    public static int SizeOfBatches(RowSource rows, NetworkKind kind, bool orthogonalizes)
    {
        if (kind.EmbedsNumbers && orthogonalizes)
        {
            var doublings = Math.Min(MostDoublings, BitOperations.Log2((uint)(rows.Count / RowsOfLargeBatches)));
            return rows.IsClassification && rows.Count < RowsOfLargeBatches ? BatchSizeOfClassification : LargeBatchSize << doublings;
        }

        // A batch of 32 rows would often be a single group. Of sparse rows, small batches take hardly more time, and as many steps find more.
        return rows.HasGroups || (rows.Count >= RowsOfLargeBatches && !kind.IsForWords) ? LargeBatchSize : BatchSize;
    }

    /// <summary>Fills in the optimizer, its rate and its decay. Rate and decay belong to the optimizer: one that was given has its own.</summary>
    /// <param name="options">The options with a batch size, changed in place.</param>
    /// <param name="rows">The rows to learn from.</param>
    /// <param name="kind">What kind of network it is.</param>
    /// <param name="orthogonalizes">Whether steps are orthogonalized.</param>
    /// <param name="findsEpochs">Whether the number of epochs was left open.</param>
    /// <param name="standardizesTargets">Whether it is a regression that learns standardized targets. The losses of counts and skewed amounts are likelihoods, as those of classes, whose best decay did not go with what was left to learn.</param>
    /// <param name="goesOn">Whether it has learned before, and finds its epochs itself.</param>
    public static void FillIn(DenseNeuralNetOptions options, RowSource rows, NetworkKind kind, bool orthogonalizes, bool findsEpochs, bool standardizesTargets, bool goesOn)
    {
        if (options.Optimizer is not null)
            return;
        options.Optimizer = orthogonalizes ? OrthogonalizedSteps(rows, kind) : Optimizer;
        options.AdaptWeightDecay ??= options.WeightDecay is null && standardizesTargets;
        options.WeightDecay ??= options.HasNoHiddenLayer ? WeightDecayOfLinear : kind.EmbedsNumbers ? WeightDecayOfEmbedding : WeightDecay;
        options.FunctionDecay ??= DecayOfFunctions(rows, kind);
        var rate = options.HasNoHiddenLayer ? (kind.IsForWords || kind.IsLinear ? LowerLearningRate : LearningRateOfLinear(rows.Count))
            : kind.IsForWords && rows.IsClassification ? (findsEpochs ? LearningRateOfSparseClasses : LowerLearningRate)
            : LearningRateFor(options.BatchSize!.Value, rows, kind, orthogonalizes);
        options.LearningRate ??= goesOn ? RateOfGoingOn * rate : rate;
    }

    /// <summary>Steps, as rules and thresholds make them, are learned better by a total variation, and what columns tell that tell nothing is left out. Of smooth regressions, of numbers too many to have all functions each, and of codes, whose labels jump everywhere, squares take less away.</summary>
    private static FunctionDecay DecayOfFunctions(RowSource rows, NetworkKind kind)
    {
        if (!kind.EmbedsNumbers || kind.HasCodes)
            return FunctionDecay.Squares;
        if (rows.IsClassification)
            return FunctionDecay.TotalVariation;
        return kind.EmbeddedNumbers > TableDefaults.NumbersOfAllFunctions ? FunctionDecay.Squares : FunctionDecay.Both;
    }

    /// <summary>The weights of hidden layers behind numbers learn best at a rate of 0.01, those of functions of numbers at that in a classification and at half of it in a regression.</summary>
    private static Muon OrthogonalizedSteps(RowSource rows, NetworkKind kind) => new(
        factor: kind.EmbedsNumbers && !rows.IsClassification ? 2 : 1, iterations: 3, interval: kind.EmbedsNumbers && rows.Count < RowsOfLargeBatches ? IntervalOfOrthogonalizedSteps : 1,
        includesFirst: !AreMostlyIndicators(rows, kind));

    /// <summary>Whether such steps are what this network learns best by: in classifications of images always, though not of sequences, which learned as much by steps of the usual optimizer, in less time. In regressions of sparse rows too, where what two categories tell only together, as how a user likes a film, is hardly found otherwise.</summary>
    private static bool LearnsByOrthogonalizedSteps(DenseNeuralNetOptions options, RowSource rows, NetworkKind kind)
    {
        var isUsualLoss = rows.IsClassification ? options.Loss is null or SoftmaxCrossEntropy or BinaryCrossEntropy : options.Loss is null or MeanSquaredError;
        var hasMany = rows.Count >= RowsOfOrthogonalizedSteps && !options.HasNoHiddenLayer;
        return isUsualLoss && !rows.HasGroups && ((hasMany && (kind.EmbedsNumbers || (kind.IsForWords && !rows.IsClassification))) || (kind.IsForImages && rows.IsClassification));
    }

    /// <summary>Whether two of three inputs of the first hidden layer are no numbers or functions of these.</summary>
    private static bool AreMostlyIndicators(RowSource rows, NetworkKind kind)
    {
        const int Share = 2;
        return kind.EmbedsNumbers && rows.Inputs - kind.EmbeddedNumbers > Share * kind.EmbeddedNumbers * (1 + TableDefaults.EmbeddingUnits(rows, kind.EmbeddedNumbers));
    }

    /// <summary>With hidden layers, but for classifications of sparse rows.</summary>
    private static float LearningRateFor(int batchSize, RowSource rows, NetworkKind kind, bool orthogonalizes)
    {
        if (kind.EmbedsNumbers && (orthogonalizes ? rows.IsClassification : kind.EmbeddedNumbers > TableDefaults.NumbersOfAllFunctions))
            return HighestLearningRate;
        var tellsClassesByFunctions = kind.EmbedsNumbers && rows.IsClassification && rows.Count >= TableDefaults.RowsOfManyFunctions;
        return batchSize > BatchSize || tellsClassesByFunctions ? HigherLearningRate : LearningRate;
    }

    /// <summary>A network without a hidden layer has one best model, far from where it begins. High rates reach it in as few epochs; low ones come nearer to it where rows are many.</summary>
    private static float LearningRateOfLinear(int rows) => (float)Math.Clamp(0.5 / Math.Sqrt(rows), 0.003, 0.03);
}
