using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Evaluation;

/// <summary>Evaluates predictions that are vectors, in scored rows or fold by fold, as ML.NET does for its own tasks.</summary>
/// <typeparam name="TMetrics">What an evaluation gives.</typeparam>
/// <param name="env">The environment of the catalog.</param>
/// <param name="name">What is done, for the log.</param>
/// <param name="label">The column of labels.</param>
/// <param name="scoreColumnName">The column of scores.</param>
internal abstract class VectorEvaluator<TMetrics>(IHostEnvironment env, string name, EvaluatedColumn label, string scoreColumnName)
    where TMetrics : class
{
    /// <summary>Logs and throws.</summary>
    protected IHost Host { get; } = env.Register(name);

    protected EvaluatedColumn Label => label;

    protected EvaluatedColumn Score { get; } = new("score", scoreColumnName, IsVector: true, NumberDataViewType.Single);

    /// <summary>The columns of predictions that a model has to make.</summary>
    protected virtual IReadOnlyList<EvaluatedColumn> Predictions => [Score];

    /// <summary>What there is for other columns.</summary>
    protected abstract string Otherwise { get; }

    /// <summary>Compares predictions with labels. Rows that miss one are left out and reported, as by ML.NET's evaluators.</summary>
    /// <param name="data">The scored rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row with label and score, or one cannot be read, as where its vector has another length than the column's type says.</exception>
    public abstract TMetrics Evaluate(IDataView data);

    /// <summary>Trains on all folds but one and evaluates on that one, fold by fold.</summary>
    public IReadOnlyList<TrainCatalogBase.CrossValidationResult<TMetrics>> CrossValidate(IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds, string? samplingKeyColumnName, int? seed)
    {
        // Before any training: that there will be something to evaluate.
        label.CheckNotHidden(env, nameof(data), Predictions);
        var promised = estimator.GetOutputSchema(SchemaShape.Create(data.Schema));
        label.Check(env, nameof(data), promised, Otherwise);
        foreach (var prediction in Predictions)
            prediction.Check(env, nameof(data), promised, Otherwise);
        var folds = new DataOperationsCatalog(env).CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed);
        return
        [
            .. folds.Select((fold, number) =>
            {
                var model = estimator.Fit(fold.TrainSet);
                var scored = model.Transform(fold.TestSet);
                return new TrainCatalogBase.CrossValidationResult<TMetrics>(model, Evaluate(scored), scored, number);
            }),
        ];
    }
}
