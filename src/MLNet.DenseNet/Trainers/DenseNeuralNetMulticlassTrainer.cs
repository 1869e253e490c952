using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains a dense neural network to tell classes apart.</summary>
/// <remarks>
/// <para>
/// Input: the label, a key; the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys. Output: "Score", a vector with a value for each class, which is
/// the class's probability with the default softmax outputs; "PredictedLabel", the key of the class with the largest.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multiclass classification</description></item>
/// <item><term>Is normalization required?</term><description>No: features are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once, or streamed (<see cref="DenseNeuralNetOptions.DataCaching"/>)</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetMulticlassTrainer
    : DenseNeuralNetTrainer<MulticlassPredictionTransformer<DenseNeuralNetMulticlassModelParameters>, DenseNeuralNetMulticlassModelParameters>
{
    internal DenseNeuralNetMulticlassTrainer(IHostEnvironment env, DenseNeuralNetOptions options)
        : base(
            env, nameof(DenseNeuralNetMulticlassTrainer), DenseNeuralNetOptions.Checked(options), TrainerUtils.MakeU4ScalarColumn(options.LabelColumnName), Activation.Softmax)
    {
    }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        if (!inputSchema.TryFindColumn(LabelColumn.Name, out var label))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "label", LabelColumn.Name);

        var keyValues = label.Annotations.Where(a => a.Name == AnnotationUtils.Kinds.KeyValues);
        return
        [
            new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
                new SchemaShape(AnnotationUtils.AnnotationsForMulticlassScoreColumn(label))),
            new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.UInt32, true,
                new SchemaShape(keyValues.Concat(AnnotationUtils.GetTrainerOutputAnnotation()))),
        ];
    }

    /// <inheritdoc/>
    protected override MulticlassPredictionTransformer<DenseNeuralNetMulticlassModelParameters> MakeTransformer(
        DenseNeuralNetMulticlassModelParameters model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name, LabelColumn.Name);

    private protected override void CheckOutputActivation(Activation activation) =>
        CheckOutput(activation == Activation.Softmax || activation == Activation.Sigmoid, activation, "be softmax or sigmoid in a multiclass classification");

    private protected override void CheckLabel(DataViewSchema.Column label)
    {
        var count = ((KeyDataViewType)label.Type).Count;
        if (count is < 2 or > int.MaxValue)
            throw Host.ExceptParam(nameof(label), $"The label column '{label.Name}' is a key of {count} value{(count == 1 ? "" : "s")}; a multiclass classification needs at least 2 and at most {int.MaxValue}.{(count < 2 ? " No two rows have different labels, or they were read as another type than they are." : "")}");
    }

    private protected override int CountOutputs(DataViewSchema.Column label) => (int)((KeyDataViewType)label.Type).Count;

    private protected override int CountClasses(DataViewSchema.Column label) => CountOutputs(label);

    private protected override DenseNeuralNetMulticlassModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
