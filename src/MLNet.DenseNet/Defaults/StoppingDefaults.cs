using MLNet.DenseNet.Data;

namespace MLNet.DenseNet;

/// <summary>How long a training goes on, and how it ends, where the options leave it open.</summary>
internal static class StoppingDefaults
{
    /// <summary>The epochs of a training that goes on from a model where no row can be held out, or all are of one class, of which more and more would be learned.</summary>
    public const int EpochsOfGoingOn = 3;

    /// <summary>The patience of trainings that do not average weights.</summary>
    public const int PatienceOfWeights = 10;

    public const int AnnealingEpochs = 5;

    // With 200 and 10, a chessboard of 64 fields was not learned from 2,000 rows in 5 of 12 trials; tables of which something is learned at once take no longer.
    private const int StepsOfBeginning = 1500;
    private const int MostEpochsOfBeginning = 20;

    // Their rate is so low that the loss of some, such as texts of twenty kinds, falls for hundreds of epochs.
    private const int TimesOfSparseClasses = 3;

    /// <summary>As many steps for many rows as for few would take too long, as many epochs too few steps: the square root lies between.</summary>
    /// <param name="options">The options.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <param name="kind">What kind of network it is.</param>
    public static int MostEpochs(DenseNeuralNetOptions options, TrainingRows rows, NetworkKind kind)
    {
        var usual = (int)Math.Clamp(Math.Round(5000 / Math.Sqrt(rows.Training.Count)), 10, 200);
        var isSlow = options is { LeavesStepsOpen: true, HasNoHiddenLayer: false } && kind.IsForWords && rows.Training.IsClassification && rows.AreMeasured;
        return isSlow ? TimesOfSparseClasses * usual : usual;
    }

    /// <summary>
    /// The end of a training that averages the weights of functions of single numbers. An average gets better so steadily that it needs little patience. The functions are soon learned, and from few rows soon what is only chance; epochs of many rows are longer, and what is held
    /// out of them tells the better one with more certainty. Steps of a high rate may end beside what is to be learned, such as a quantile, and so does their average: regressions anneal. Classes of few rows are told apart as well, or better, without; of more, what several numbers tell
    /// together is often found only as the rate falls.
    /// </summary>
    /// <param name="isClassification">Whether rows have a class.</param>
    /// <param name="rows">Of an epoch.</param>
    /// <param name="batchSize">Of a step.</param>
    public static EarlyStopping Averaged(bool isClassification, int rows, int batchSize)
    {
        const int EpochsOfRegression = 2;
        var patience = rows < TableDefaults.RowsOfManyFunctions ? 3 : rows < StepDefaults.RowsOfLargeBatches ? 5 : 1;
        var annealing = isClassification ? (rows < StepDefaults.RowsOfOrthogonalizedSteps ? 0 : AnnealingEpochs) : rows < StepDefaults.RowsOfLargeBatches ? EpochsOfRegression : AnnealingEpochs;
        return Annealed(patience, annealing, rows, batchSize);
    }

    /// <summary>The rate stays high as long as that helps, and falls to 0 then. What only several features tell together, as the fields of a chessboard, may take a thousand steps to begin.</summary>
    public static EarlyStopping Annealed(int patience, int epochs, int rows, int batchSize) =>
        new(EarlyStoppingMetric.Loss, patience) { InitialPatience = Math.Clamp(StepsOfBeginning / Math.Max(1, rows / batchSize), 1, MostEpochsOfBeginning), AnnealingEpochs = epochs };

    /// <summary>Where the rate follows a schedule.</summary>
    public static int Patience(int epochs) => Math.Max(10, epochs / 5);
}
