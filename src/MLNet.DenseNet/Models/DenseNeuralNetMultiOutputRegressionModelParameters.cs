using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetMultiOutputRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, multi-output regression", DenseNeuralNetMultiOutputRegressionModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for the regression of several outputs: from features to a value for each.</summary>
public sealed class DenseNeuralNetMultiOutputRegressionModelParameters : DenseNeuralNetModelParameters<VBuffer<float>>
{
    internal const string LoaderSignature = "DenseNeuralNetMultiOut";

    private static readonly ModelFormat Format = new("DNN MOUT", LoaderSignature);

    internal DenseNeuralNetMultiOutputRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, Format, trained)
    {
    }

    private DenseNeuralNetMultiOutputRegressionModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context)
    {
    }

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.MultiOutputRegression;

    internal static DenseNeuralNetMultiOutputRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    private protected override Delegate CreateMapper() => VectorMapper.Create(CreateScorer());

    private protected override ScoreColumns? Outputs(DataViewSchema.Column score) => Meanings?.Outputs is { } names ? new NamedScores(score, names) : null;
}
