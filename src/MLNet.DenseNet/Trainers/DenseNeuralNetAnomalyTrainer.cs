using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>Trains an autoencoder to detect anomalies: rows that are unlike those that it learned from.</summary>
/// <remarks>
/// <para>
/// The network learns to put out the features that it takes, standardized, through a layer of few units, so that it learns what the features of a row have to do with each other. There is no label: the rows to learn from should be normal ones, or nearly all of them. Of a row that is
/// no such one it puts out something else.
/// </para>
/// <para>
/// Input: the features, a known-size vector of <see cref="float"/>, a key or a known-size vector of keys. Output: "Score", the error of the reconstruction, <see cref="float"/>, 0 or more: the mean over the features that are not missing of (output - standardized feature)², where features are in standard deviations, up to 10,
/// and <see cref="float.NaN"/> of a row that misses them all; "PredictedLabel", <see cref="bool"/>, whether it is above the threshold, which <see cref="float.NaN"/> is not. The threshold is the score that a share of the rows held out while training exceeds; <see cref="DenseNeuralNetAnomalyModelParameters.ThresholdFor"/> gives others for
/// <c>mlContext.AnomalyDetection.ChangeModelThreshold</c>. The rows are kept in memory.
/// </para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Anomaly detection</description></item>
/// <item><term>Is normalization required?</term><description>No: features are standardized inside</description></item>
/// <item><term>Is caching required?</term><description>No: rows are read once</description></item>
/// <item><term>Required packages in addition to Microsoft.ML</term><description>MLNet.DenseNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes</description></item>
/// </list>
/// </remarks>
public sealed class DenseNeuralNetAnomalyTrainer
    : DenseNeuralNetTrainer<AnomalyPredictionTransformer<DenseNeuralNetAnomalyModelParameters>, DenseNeuralNetAnomalyModelParameters>
{
    private readonly float _contamination;

    internal DenseNeuralNetAnomalyTrainer(IHostEnvironment env, DenseNeuralNetOptions options, float contamination)
        : base(env, nameof(DenseNeuralNetAnomalyTrainer), Checked(options), label: default, Activation.Identity, new MeanSquaredError())
    {
        if (contamination is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(contamination), contamination, "The share of anomalies must be in (0, 1).");
        _contamination = contamination;
    }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.AnomalyDetection;

    private protected override bool LearnsFeatures => true;

    /// <inheritdoc/>
    protected override SchemaShape.Column[] GetOutputColumnsCore(SchemaShape inputSchema)
    {
        var annotations = new SchemaShape(AnnotationUtils.GetTrainerOutputAnnotation());
        return
        [
            new(DefaultColumnNames.Score, SchemaShape.Column.VectorKind.Scalar, NumberDataViewType.Single, false, annotations),
            new(DefaultColumnNames.PredictedLabel, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false, annotations),
        ];
    }

    /// <inheritdoc/>
    protected override AnomalyPredictionTransformer<DenseNeuralNetAnomalyModelParameters> MakeTransformer(DenseNeuralNetAnomalyModelParameters model, DataViewSchema trainSchema) =>
        new(Host, model, trainSchema, FeatureColumn.Name, model.ThresholdFor(_contamination));

    private protected override void CheckOutputActivation(Activation activation) => CheckOutput(activation == Activation.Identity, activation, "be identity in an anomaly detection, whose outputs are standardized features");

    private protected override HeldOutErrors? MeasureErrors(TrainingRun run, TrainingHistory history, IChannel channel)
    {
        if (!run.Rows.AreMeasured || history.MayHaveLearnedValidationRows)
        {
            var why = run.Rows.AreMeasured ? "The model to go on from may have learned the rows that were held out now, so the threshold comes from scores" : "No rows were held out, so the threshold comes from the scores of those that were learned from,";
            channel.Warning($"{why} which are lower than those of new rows: more of these are taken for anomalies than was asked.");
        }

        var errors = run.MeasureReconstruction();
        if (errors is null && history.End != TrainingEnd.Canceled)
            throw Host.Except($"No row that the threshold would come from has a score, as where the feature column '{FeatureColumn.Name}' holds no number in any: a row that misses all features has none.");
        if (errors is not null && errors.Quantile(1 - (decimal)_contamination) is null)
            channel.Warning(FormattableString.Invariant($"The scores of {errors.Rows} rows are too few to tell which one a share of {_contamination} exceeds: the threshold is the highest of them."));
        return errors;
    }

    private protected override DenseNeuralNetAnomalyModelParameters CreateModel(TrainedNetwork trained) => new(Host, trained);

    private static DenseNeuralNetOptions Checked(DenseNeuralNetOptions options)
    {
        DenseNeuralNetOptions.Checked(options);
        const string Why = "in an anomaly detection, which learns standardized features";
        TrainingOptions.Check(options.NormalizeFeatures != FeatureNormalization.Off, nameof(options.NormalizeFeatures), options.NormalizeFeatures, $"not be Off {Why}");
        TrainingOptions.Check(!options.BeginsWithEmbedding, nameof(options.Layers), options.LayersText, $"not begin with an EmbeddingLayer {Why}");
        TrainingOptions.Check(options.Augmentation is null, nameof(options.Augmentation), options.Augmentation, $"be null {Why} as they are");
        TrainingOptions.Check(options.DataCaching != DataCaching.Stream, nameof(options.DataCaching), options.DataCaching, "not be Stream in an anomaly detection, whose rows are kept in memory");
        var (name, text) = options.Layers is null ? (nameof(options.HiddenLayers), options.HiddenLayersText) : (nameof(options.Layers), options.LayersText);
        TrainingOptions.Check(!options.HasNoHiddenLayer, name, text, "have a layer in an anomaly detection: without one, all features go through");
        return options;
    }
}
