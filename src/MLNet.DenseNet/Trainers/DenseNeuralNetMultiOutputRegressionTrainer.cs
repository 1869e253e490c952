using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains a dense neural network to predict several numbers at once.</summary>
/// <remarks>
/// <para>
/// Input: the label, a known-size vector of <see cref="float"/>; the features, likewise, or a key or a known-size vector of keys. Output: "Score", the predictions, a vector as long as the label, with the slot names of the label column.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multi-output regression</description></item>
/// <item><term>Is normalization required?</term><description>No: features and labels are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once, or streamed (<see cref="DenseNeuralNetOptions.DataCaching"/>)</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetMultiOutputRegressionTrainer
    : DenseNeuralNetTrainer<DenseNeuralNetMultiOutputRegressionTransformer, DenseNeuralNetMultiOutputRegressionModelParameters>
{
    internal DenseNeuralNetMultiOutputRegressionTrainer(IHostEnvironment env, DenseNeuralNetOptions options)
        : base(
            env, nameof(DenseNeuralNetMultiOutputRegressionTrainer), DenseNeuralNetOptions.Checked(options),
            new SchemaShape.Column(options.LabelColumnName, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false), Activation.Identity,
            new MeanSquaredError())
    {
    }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.MultiOutputRegression;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
    [
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false,
            new SchemaShape([.. AnnotationUtils.GetTrainerOutputAnnotation(), .. ColumnCheck.SlotNames(inputSchema, LabelColumn)])),
    ];

    /// <inheritdoc/>
    protected override DenseNeuralNetMultiOutputRegressionTransformer MakeTransformer(
        DenseNeuralNetMultiOutputRegressionModelParameters model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name);

    private protected override void CheckOutputActivation(Activation activation) =>
        CheckOutput(activation != Activation.Softmax, activation, "be other than softmax in a regression");

    /// <summary>Refuses what ML.NET's own cross-validation would refuse only after training all folds.</summary>
    private protected override void CheckLabel(DataViewSchema.Column label) =>
        OwnCrossValidation.Refuse(Host, $"The label column '{label.Name}' is {label.Type}", "mlContext.Regression.CrossValidateMultiOutput is for several");

    private protected override DenseNeuralNetMultiOutputRegressionModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
