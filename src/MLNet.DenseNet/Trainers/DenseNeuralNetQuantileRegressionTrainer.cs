using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains a dense neural network to predict several quantiles of a number at once, such as the ends of an interval and the median.</summary>
/// <remarks>
/// <para>
/// Input: the label, <see cref="float"/>; the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys. Output: "Score", the quantiles that the <see cref="MultiQuantileLoss"/> of the options has, a vector of <see cref="float"/> that ascends, with slot names such as "0.1", which <c>mlContext.Regression.EvaluateQuantiles</c> evaluates.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Quantile regression</description></item>
/// <item><term>Is normalization required?</term><description>No: features and labels are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once, or streamed (<see cref="DenseNeuralNetOptions.DataCaching"/>)</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetQuantileRegressionTrainer : DenseNeuralNetTrainer<DenseNeuralNetQuantileRegressionTransformer, DenseNeuralNetQuantileRegressionModelParameters>
{
    /// <summary>The ends of an interval that holds 90 % of the labels, and the median.</summary>
    private static readonly MultiQuantileLoss DefaultLoss = new(0.05f, 0.5f, 0.95f);

    private readonly IReadOnlyList<float> _quantiles;

    internal DenseNeuralNetQuantileRegressionTrainer(IHostEnvironment env, DenseNeuralNetOptions options)
        : base(
            env, nameof(DenseNeuralNetQuantileRegressionTrainer), DenseNeuralNetOptions.Checked(options), TrainerUtils.MakeR4ScalarColumn(options.LabelColumnName), Activation.Identity, DefaultLoss)
    {
        TrainingOptions.Check(options.Loss is null or MultiQuantileLoss, nameof(options.Loss), options.Loss, $"be a {nameof(MultiQuantileLoss)} here");
        _quantiles = ((MultiQuantileLoss?)options.Loss ?? DefaultLoss).Quantiles;
    }

    /// <summary>ML.NET has no kind for it; this one is for scores that are vectors.</summary>
    protected override PredictionKind PredictionKind => PredictionKind.MultiOutputRegression;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
    [
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, new SchemaShape(
            [.. AnnotationUtils.GetTrainerOutputAnnotation(), new(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false)])),
    ];

    /// <inheritdoc/>
    protected override DenseNeuralNetQuantileRegressionTransformer MakeTransformer(DenseNeuralNetQuantileRegressionModelParameters model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name);

    private protected override void CheckOutputActivation(Activation activation) => CheckOutput(activation != Activation.Softmax, activation, "be other than softmax in a regression");

    /// <summary>Refuses what ML.NET's own cross-validation would refuse only after training all folds.</summary>
    private protected override void CheckLabel(DataViewSchema.Column label) =>
        OwnCrossValidation.Refuse(Host, FormattableString.Invariant($"The model puts out {_quantiles.Count} quantiles of the label column '{label.Name}'"), "mlContext.Regression.CrossValidateQuantiles is for several quantiles");

    private protected override int CountOutputs(DataViewSchema.Column label) => _quantiles.Count;

    private protected override DenseNeuralNetQuantileRegressionModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained, _quantiles);
}
