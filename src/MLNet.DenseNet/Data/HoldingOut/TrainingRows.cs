using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Data;

/// <summary>The rows of one training.</summary>
/// <param name="Training">The rows to learn from.</param>
/// <param name="Validation">The rows to measure with after each epoch; null for none, or those of the folds.</param>
/// <param name="Folds">Which rows each network of an ensemble does not learn from, but is measured with; null where all learn from all.</param>
internal sealed record TrainingRows(RowSource Training, RowSource? Validation, HeldOutFolds? Folds = null)
{
    /// <summary>Whether there is anything to measure with that was not learned from.</summary>
    public bool AreMeasured => Validation is not null || Folds is not null;

    /// <summary>The same rows, which are in memory, with other targets.</summary>
    /// <param name="ofData">Makes the data set with the targets of another one.</param>
    public TrainingRows WithTargets(Func<Dataset, Dataset> ofData)
    {
        var (training, validation) = ((RowSubset)Training, (RowSubset?)Validation);
        var data = ofData(training.Data);
        return new TrainingRows(training.In(data), validation?.In(validation.Data == training.Data ? data : ofData(validation.Data)), Folds?.In(data));
    }
}
