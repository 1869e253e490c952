using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, regression", DenseNeuralNetRegressionModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for regression: from features to one value.</summary>
public sealed class DenseNeuralNetRegressionModelParameters : DenseNeuralNetModelParameters<float>, ICalculateFeatureContribution
{
    internal const string LoaderSignature = "DenseNeuralNetRegr";

    private static readonly ModelFormat Format = new("DNN REGR", LoaderSignature);

    internal DenseNeuralNetRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, Format, trained)
    {
    }

    private DenseNeuralNetRegressionModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context) => CheckSingleOutput();

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much each feature adds to the score, compared with the mean row learned from.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override DataViewType OutputType => NumberDataViewType.Single;

    internal static DenseNeuralNetRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    private protected override Delegate CreateMapper()
    {
        var scorer = CreateScorer();
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score) => score = scorer.Score(in features)[0];
        return map;
    }
}
