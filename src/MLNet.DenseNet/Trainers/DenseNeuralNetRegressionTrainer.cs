using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains a dense neural network to predict a number.</summary>
/// <remarks>
/// <para>
/// Input: the label, <see cref="float"/>; the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys. Output: "Score", the prediction, <see cref="float"/>.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Regression</description></item>
/// <item><term>Is normalization required?</term><description>No: features and labels are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once, or streamed (<see cref="DenseNeuralNetOptions.DataCaching"/>)</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetRegressionTrainer
    : DenseNeuralNetTrainer<RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters>, DenseNeuralNetRegressionModelParameters>
{
    internal DenseNeuralNetRegressionTrainer(IHostEnvironment env, DenseNeuralNetOptions options)
        : base(
            env, nameof(DenseNeuralNetRegressionTrainer), DenseNeuralNetOptions.Checked(options), TrainerUtils.MakeR4ScalarColumn(options.LabelColumnName), Activation.Identity,
            new MeanSquaredError())
    {
    }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.Regression;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
    [
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false,
            new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation())),
    ];

    /// <inheritdoc/>
    protected override RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> MakeTransformer(
        DenseNeuralNetRegressionModelParameters model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name);

    private protected override void CheckOutputActivation(Activation activation) =>
        CheckOutput(activation != Activation.Softmax, activation, "be other than softmax in a regression");

    private protected override DenseNeuralNetRegressionModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
