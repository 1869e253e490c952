using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Fills in what the options of a training leave open, by the rows that it has. The defaults beside this were the best values, or as good as the best and simpler, over some hundred tables of
/// 150 to 100,000 rows. The benchmarks' command "defaults" shows them on the tables of the repository.
/// </summary>
internal static class DefaultSettings
{
    /// <summary>Fills in all that is open once the layers are known.</summary>
    /// <param name="options">The options, changed in place.</param>
    /// <param name="rows">The rows, after some were held out.</param>
    /// <param name="kind">What kind of network it is.</param>
    /// <param name="standardizesTargets">Whether it is a regression that learns standardized targets.</param>
    /// <param name="goesOn">Whether it has learned before, and finds its epochs itself.</param>
    public static void FillIn(DenseNeuralNetOptions options, TrainingRows rows, NetworkKind kind, bool standardizesTargets, bool goesOn = false)
    {
        var findsEpochs = options.NumberOfEpochs is null;
        var orthogonalizes = StepDefaults.Orthogonalizes(options, rows, kind);
        options.BatchSize ??= StepDefaults.SizeOfBatches(rows.Training, kind, orthogonalizes);
        options.NumberOfEpochs ??= goesOn && (!rows.AreMeasured || rows.Training.Targets.DistinctClasses == 1) ? StoppingDefaults.EpochsOfGoingOn : StoppingDefaults.MostEpochs(options, rows, kind);
        if (findsEpochs && rows.AreMeasured)
            FillInStopping(options, rows.Training, kind, orthogonalizes);
        options.LearningRateSchedule ??= options.EarlyStopping is { AnnealingEpochs: > 0 } ? new ConstantSchedule() : new CosineSchedule();
        // One core is left to the thread that reads.
        if (rows.Training is StreamedRows)
            options.NumberOfThreads ??= Math.Max(1, Environment.ProcessorCount - 1);
        StepDefaults.FillIn(options, rows.Training, kind, orthogonalizes, findsEpochs, standardizesTargets, goesOn);
    }

    private static void FillInStopping(DenseNeuralNetOptions options, RowSource rows, NetworkKind kind, bool orthogonalizes)
    {
        if (options is { EarlyStopping: null, LearningRateSchedule: null })
        {
            // Of images, instead of an annealing.
            var averagesInstead = orthogonalizes && kind.IsForImages;
            options.AverageWeights ??= kind.EmbedsNumbers || averagesInstead;
            options.LearningRateSchedule = new ConstantSchedule();
            options.EarlyStopping = kind.EmbedsNumbers && options.AverageWeights.Value
                ? StoppingDefaults.Averaged(rows.IsClassification, rows.Count, options.BatchSize!.Value)
                : StoppingDefaults.Annealed(StoppingDefaults.PatienceOfWeights, averagesInstead ? 0 : StoppingDefaults.AnnealingEpochs, rows.Count, options.BatchSize!.Value);
        }

        options.EarlyStopping ??= new EarlyStopping(EarlyStoppingMetric.Loss, StoppingDefaults.Patience(options.NumberOfEpochs!.Value));
    }
}
