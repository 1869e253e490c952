using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains a dense neural network for multi-label classification: several labels of a row, each of which is true or false, and any number of which may be true.</summary>
/// <remarks>
/// <para>
/// Input: the label, a known-size vector of <see cref="bool"/>, or of <see cref="float"/> where each is 0 or 1; the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys. Output, each a vector as long as the label: "PredictedLabel", of <see cref="bool"/>, whether the probability is above
/// the label's threshold, 0.5 unless changed; "Score", the logits; "Probability", their sigmoids. They have the slot names of the label column.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multi-label classification</description></item>
/// <item><term>Is normalization required?</term><description>No: features are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once, or streamed (<see cref="DenseNeuralNetOptions.DataCaching"/>)</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetMultiLabelTrainer : DenseNeuralNetTrainer<DenseNeuralNetMultiLabelTransformer, DenseNeuralNetMultiLabelModelParameters>
{
    internal DenseNeuralNetMultiLabelTrainer(IHostEnvironment env, DenseNeuralNetOptions options)
        : base(
            env, nameof(DenseNeuralNetMultiLabelTrainer), DenseNeuralNetOptions.Checked(options),
            new SchemaShape.Column(options.LabelColumnName, SchemaShape.Column.VectorKind.Vector, BooleanDataViewType.Instance, false), Activation.Sigmoid, new BinaryCrossEntropy())
    {
    }

    /// <summary>ML.NET has no kind for it; this one is for scores that are vectors.</summary>
    protected override PredictionKind PredictionKind => PredictionKind.MultiOutputRegression;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        var annotations = new SchemaShape([.. AnnotationUtils.GetTrainerOutputAnnotation().Where(annotation => annotation.Name == AnnotationUtils.Kinds.ScoreColumnSetId), .. ColumnCheck.SlotNames(inputSchema, LabelColumn)]);
        return
        [
            new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Vector, BooleanDataViewType.Instance, false, annotations),
            new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, annotations),
            new(DefaultColumnNames.Probability, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false, annotations),
        ];
    }

    /// <inheritdoc/>
    protected override DenseNeuralNetMultiLabelTransformer MakeTransformer(DenseNeuralNetMultiLabelModelParameters model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name);

    private protected override bool LearnsLabels => true;

    private protected override void CheckLabelColumn(SchemaShape schema) =>
        ColumnCheck.Check(
            Host, schema, "label", LabelColumn, "a known-size vector of Boolean, or of Single of 0 and 1",
            label => label is { Kind: SchemaShape.Column.VectorKind.Vector, IsKey: false } && (label.ItemType is BooleanDataViewType || label.ItemType == NumberDataViewType.Single));

    private protected override void CheckOutputActivation(Activation activation) => CheckOutput(activation == Activation.Sigmoid, activation, "be sigmoid in a multi-label classification");

    /// <summary>Refuses what ML.NET's own cross-validation would refuse only after training all folds.</summary>
    private protected override void CheckLabel(DataViewSchema.Column label) =>
        OwnCrossValidation.Refuse(Host, $"The label column '{label.Name}' is {label.Type}", "mlContext.BinaryClassification.CrossValidateMultiLabel is for several labels a row");

    private protected override DenseNeuralNetMultiLabelModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
