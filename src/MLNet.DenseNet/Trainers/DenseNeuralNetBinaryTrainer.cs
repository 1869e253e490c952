using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains a dense neural network to tell true from false.</summary>
/// <remarks>
/// <para>
/// Input: the label, <see cref="bool"/>; the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys. Output: "Score", the logit; "Probability", its sigmoid;
/// "PredictedLabel", whether the score is above 0.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Binary classification</description></item>
/// <item><term>Is normalization required?</term><description>No: features are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once, or streamed (<see cref="DenseNeuralNetOptions.DataCaching"/>)</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetBinaryTrainer
    : DenseNeuralNetTrainer<BinaryPredictionTransformer<DenseNeuralNetBinaryModelParameters>, DenseNeuralNetBinaryModelParameters>
{
    internal DenseNeuralNetBinaryTrainer(IHostEnvironment env, DenseNeuralNetOptions options)
        : base(env, nameof(DenseNeuralNetBinaryTrainer), DenseNeuralNetOptions.Checked(options), TrainerUtils.MakeBoolScalarLabel(options.LabelColumnName), Activation.Sigmoid)
    {
    }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
    [
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false,
            new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation())),
        new(DefaultColumnNames.Probability, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false,
            new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation(isNormalized: true))),
        new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false,
            new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation())),
    ];

    /// <inheritdoc/>
    protected override BinaryPredictionTransformer<DenseNeuralNetBinaryModelParameters> MakeTransformer(
        DenseNeuralNetBinaryModelParameters model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name);

    private protected override void CheckOutputActivation(Activation activation) =>
        CheckOutput(activation == Activation.Sigmoid, activation, "be sigmoid in a binary classification");

    private protected override int CountClasses(DataViewSchema.Column label) => 2;

    private protected override DenseNeuralNetBinaryModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
