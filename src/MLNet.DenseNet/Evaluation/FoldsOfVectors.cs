using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Trains on all folds but one and evaluates on that one, fold by fold, as ML.NET does for its own tasks; for predictions that are vectors.</summary>
/// <typeparam name="TMetrics">What an evaluation gives.</typeparam>
/// <param name="env">The environment of the catalog.</param>
/// <param name="label">The column of labels.</param>
/// <param name="predictions">The columns of predictions that a model has to make.</param>
/// <param name="otherwise">What there is for other columns.</param>
/// <param name="evaluate">Evaluates scored rows.</param>
internal sealed class FoldsOfVectors<TMetrics>(IHostEnvironment env, EvaluatedColumn label, IReadOnlyList<EvaluatedColumn> predictions, string otherwise, Func<IDataView, TMetrics> evaluate)
    where TMetrics : class
{
    public IReadOnlyList<TrainCatalogBase.CrossValidationResult<TMetrics>> Run(IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string? samplingKeyColumnName, int? seed)
    {
        // Before any training: that there will be something to evaluate.
        label.CheckNotHidden(env, nameof(data), predictions);
        var promised = estimator.GetOutputSchema(SchemaShape.Create(data.Schema));
        label.Check(env, nameof(data), promised, otherwise);
        foreach (var prediction in predictions)
            prediction.Check(env, nameof(data), promised, otherwise);
        var folds = new DataOperationsCatalog(env).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return
        [
            .. folds.Select((fold, number) =>
            {
                var model = estimator.Fit(fold.TrainSet);
                var scored = model.Transform(fold.TestSet);
                return new TrainCatalogBase.CrossValidationResult<TMetrics>(model, evaluate(scored), scored, number);
            }),
        ];
    }
}
