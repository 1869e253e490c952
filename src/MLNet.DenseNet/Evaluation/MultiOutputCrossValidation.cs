using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Trains on all folds but one and evaluates on that one, fold by fold, as ML.NET does for its own tasks.</summary>
/// <param name="env">The environment of the catalog.</param>
internal sealed class MultiOutputCrossValidation(IHostEnvironment env)
{
    private readonly MultiOutputEvaluator _evaluator = new(env.Register(nameof(MultiOutputCrossValidation)));

    public IReadOnlyList<TrainCatalogBase.CrossValidationResult<MultiOutputRegressionMetrics>> Run(
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
                return new TrainCatalogBase.CrossValidationResult<MultiOutputRegressionMetrics>(
                    model, _evaluator.Evaluate(scored, labelColumnName, DefaultColumnNames.Score), scored, number);
            }),
        ];
    }

    /// <summary>Checks before any training that there will be something to evaluate.</summary>
    private void CheckPromise(IDataView data, IEstimator<ITransformer> estimator, string labelColumnName)
    {
        var promised = estimator.GetOutputSchema(SchemaShape.Create(data.Schema));
        foreach (var (role, name) in ((string, string)[])[("label", labelColumnName), ("score", DefaultColumnNames.Score)])
        {
            if (!promised.TryFindColumn(name, out var column))
                throw env.ExceptSchemaMismatch(nameof(data), role, name);
            if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.IsKey || column.ItemType != NumberDataViewType.Single)
                throw env.ExceptSchemaMismatch(nameof(data), role, name, "a known-size vector of Single (for a single output there is mlContext.Regression.CrossValidate)", column.GetTypeString());
        }
    }
}
