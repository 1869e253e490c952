using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetAnomalyModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, anomaly detection", DenseNeuralNetAnomalyModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>
/// A trained autoencoder for anomaly detection: from features to the error of their reconstruction, the mean over the features of (output - standardized feature)². A feature that is missing does not count, wherever it is.
/// </summary>
public sealed class DenseNeuralNetAnomalyModelParameters : DenseNeuralNetModelParameters<float>, ICalculateFeatureContribution
{
    internal const string LoaderSignature = "DenseNeuralNetAnomaly";

    private static readonly ModelFormat Format = new("DNN ANOM", LoaderSignature);

    internal DenseNeuralNetAnomalyModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, Format, trained)
    {
    }

    private DenseNeuralNetAnomalyModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context)
    {
        try
        {
            _ = new Reconstruction(Network);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"The saved model is damaged: {error.Message}", error);
        }
    }

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much the error of each feature adds to the score. All of them add up to it.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.AnomalyDetection;

    /// <summary>
    /// The score above which a share of rows lies that are like those held out while training, or, where none were, those learned from; for <c>mlContext.AnomalyDetection.ChangeModelThreshold</c>. Rows that were learned from have somewhat lower scores than new ones.
    /// </summary>
    /// <param name="contamination">The share, in (0, 1). Where there are too few rows to tell, it is the highest score of them.</param>
    /// <returns>The threshold.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="contamination"/> is outside (0, 1).</exception>
    public float ThresholdFor(float contamination)
    {
        if (contamination is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(contamination), contamination, "The share of anomalies must be in (0, 1).");
        // Without a score there is nothing to go by.
        return Errors is null ? float.PositiveInfinity : Errors.Quantile(1 - (decimal)contamination) ?? Errors.Magnitudes[^1];
    }

    internal static DenseNeuralNetAnomalyModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    private protected override Delegate CreateMapper()
    {
        var scorer = new ReconstructionScorer(Network, Planes);
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score) => score = scorer.Score(in features);
        return map;
    }

    private protected override ValueMapper<VBuffer<float>, VBuffer<float>> CreateContributionMapper(int top, int bottom, bool normalize)
    {
        var scorer = new ReconstructionScorer(Network, Planes);
        return (in VBuffer<float> features, ref VBuffer<float> contributions) => scorer.Explain(in features, ref contributions, top, normalize);
    }

    private protected override void AddTo(OnnxGraph graph)
    {
        var (size, features) = (Network.InputShape.Size, AddFeatures(graph));
        var standardized = NetworkToOnnx.Add(new Reconstruction(Network).Standardized, features).Plain;
        if (Network.MissingColumns.Count > 0)
            standardized = graph.Columns(standardized, Enumerable.Range(0, size));
        var error = graph.Node("Sub", [NetworkToOnnx.Add(Network, features).Plain, standardized]);
        var squares = graph.Node("Mul", [error, error]);
        if (Network.MissingColumns.Count == 0 && !((StandardizationLayer)Network.Standardization!.Layer).TakesMissingForMean)
        {
            graph.Output(Over(graph, "ReduceMean", squares), OnnxPipeline.Score, 1);
            return;
        }

        // 1 where a feature is there. Times 0, what is no number in a model that takes nothing missing for a mean stays so.
        var counts = graph.Node("Sub", [graph.Number(1), graph.Node("Cast", [graph.Node("IsNaN", [features.Plain])], ("to", OnnxTypes.Float))]);
        graph.Output(graph.Node("Div", [Over(graph, "ReduceSum", graph.Node("Mul", [squares, counts])), Over(graph, "ReduceSum", counts)]), OnnxPipeline.Score, 1);

        static string Over(OnnxGraph graph, string operation, string values) => graph.Node(operation, [values], ("axes", new long[] { 1 }), ("keepdims", 1L));
    }
}
