using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains a dense neural network to order the rows of a group, such as the documents of a query, the most relevant first.</summary>
/// <remarks>
/// <para>
/// Input: the label, how relevant the row is, 0 for not at all, <see cref="float"/> or a key, whose first value is 0; the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys; the group, a key, <see cref="uint"/> or
/// <see cref="ulong"/>. Output: "Score", <see cref="float"/>, by which the rows of a group are ordered, the highest first; it has no unit and says nothing of rows of other groups. <c>mlContext.Ranking.Evaluate</c> takes groups that are keys and lie together.
/// </para>
/// <para>Rows of a group need not be neighbours to learn from them. Groups are kept in memory and not streamed.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Ranking</description></item>
/// <item><term>Is normalization required?</term><description>No: features are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetRankingTrainer
    : DenseNeuralNetTrainer<RankingPredictionTransformer<DenseNeuralNetRankingModelParameters>, DenseNeuralNetRankingModelParameters>
{
    internal DenseNeuralNetRankingTrainer(IHostEnvironment env, DenseNeuralNetOptions options)
        : base(
            env, nameof(DenseNeuralNetRankingTrainer), DenseNeuralNetOptions.Checked(options), TrainerUtils.MakeR4ScalarColumn(options.LabelColumnName), Activation.Identity,
            new ListNetLoss(), TrainerUtils.MakeU4ScalarColumn(options.RowGroupColumnName ?? DefaultColumnNames.GroupId))
    {
    }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.Ranking;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema) =>
    [
        new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false,
            new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation())),
    ];

    /// <inheritdoc/>
    protected override RankingPredictionTransformer<DenseNeuralNetRankingModelParameters> MakeTransformer(
        DenseNeuralNetRankingModelParameters model, DataViewSchema trainSchema) => new(Host, model, trainSchema, FeatureColumn.Name);

    private protected override void CheckLabelColumn(SchemaShape schema)
    {
        var key = TrainerUtils.MakeU4ScalarColumn(LabelColumn.Name);
        ColumnCheck.Check(Host, schema, "label", LabelColumn, "Single or a key of UInt32", label => LabelColumn.IsCompatibleWith(label) || key.IsCompatibleWith(label), key);
    }

    private protected override void CheckOutputActivation(Activation activation) =>
        CheckOutput(activation != Activation.Softmax, activation, "be other than softmax in a ranking");

    private protected override DenseNeuralNetRankingModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);
}
