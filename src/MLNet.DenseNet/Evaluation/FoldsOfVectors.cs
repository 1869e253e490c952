using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Trains on all folds but one and evaluates on that one, fold by fold, as ML.NET does for its own tasks; for labels that are vectors.</summary>
/// <typeparam name="TMetrics">What an evaluation gives.</typeparam>
/// <param name="env">The environment of the catalog.</param>
/// <param name="labels">What labels may be vectors of.</param>
/// <param name="predictions">What predictions are vectors of.</param>
/// <param name="predictionColumnName">The column of predictions that a model has to make.</param>
/// <param name="otherwise">What there is for labels that are no vectors.</param>
/// <param name="evaluate">Evaluates scored rows.</param>
internal sealed class FoldsOfVectors<TMetrics>(IHostEnvironment env, PrimitiveDataViewType[] labels, PrimitiveDataViewType predictions, string predictionColumnName, string otherwise, Func<IDataView, TMetrics> evaluate)
    where TMetrics : class
{
    public IReadOnlyList<TrainCatalogBase.CrossValidationResult<TMetrics>> Run(
        IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string labelColumnName, string? samplingKeyColumnName, int? seed)
    {
        CheckPromise(data, estimator, labelColumnName);
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

    /// <summary>Checks before any training that there will be something to evaluate.</summary>
    private void CheckPromise(IDataView data, IEstimator<ITransformer> estimator, string labelColumnName)
    {
        var promised = estimator.GetOutputSchema(SchemaShape.Create(data.Schema));
        foreach (var (role, name, items) in ((string, string, PrimitiveDataViewType[])[])[("label", labelColumnName, labels), (predictionColumnName == DefaultColumnNames.Score ? "score" : "predicted label", predictionColumnName, [predictions])])
        {
            if (!promised.TryFindColumn(name, out var column))
                throw env.ExceptSchemaMismatch(nameof(data), role, name);
            if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.IsKey || !items.Contains(column.ItemType))
                throw env.ExceptSchemaMismatch(nameof(data), role, name, $"a known-size vector of {string.Join(" or ", items.Select(item => item.ToString()))} ({otherwise})", column.GetTypeString());
        }
    }
}
