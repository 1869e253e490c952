using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetQuantileRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, quantile regression", DenseNeuralNetQuantileRegressionModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for the regression of several quantiles: from features to values that ascend, each of which a share of the labels is below.</summary>
public sealed class DenseNeuralNetQuantileRegressionModelParameters : DenseNeuralNetModelParameters<VBuffer<float>>
{
    internal const string LoaderSignature = "DenseNeuralNetQuantile";

    private static readonly ModelFormat Format = new("DNN QUAN", LoaderSignature);

    private readonly IReadOnlyList<float> _quantiles;

    internal DenseNeuralNetQuantileRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained, IReadOnlyList<float> quantiles)
        : base(env, Format, trained) => _quantiles = quantiles;

    private DenseNeuralNetQuantileRegressionModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context) => _quantiles = ProbabilitiesFormat.Quantiles.Read(context.Reader, Network.OutputShape.Size);

    /// <summary>For each score the share of labels that are below it, ascending.</summary>
    public IReadOnlyList<float> Quantiles => _quantiles;

    /// <summary>ML.NET has no kind for it; this one is for scores that are vectors.</summary>
    protected override PredictionKind PredictionKind => PredictionKind.MultiOutputRegression;

    internal static DenseNeuralNetQuantileRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext context) => new(env, Format.Check(env, context));

    /// <summary>The outputs sorted, so that no quantile is above a higher one.</summary>
    private protected override Delegate CreateMapper() => VectorMapper.Create(CreateScorer(), sorts: true);

    private protected override ScoreColumns Outputs(DataViewSchema.Column score) =>
        new NamedScores(score, new SlotNames([.. _quantiles.Select((quantile, output) => (output, quantile.ToString(CultureInfo.InvariantCulture)))]));

    private protected override void SaveTask(BinaryWriter writer) => ProbabilitiesFormat.Quantiles.Write(_quantiles, writer);

    private protected override void AddTo(OnnxGraph graph) => AddScore(graph, OnnxSorting.Ascending(NetworkToOnnx.Add(Network, AddFeatures(graph))));
}
