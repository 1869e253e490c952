using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetRankingModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, ranking", DenseNeuralNetRankingModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for ranking: from features to a score, by which the rows of a group are ordered.</summary>
public sealed class DenseNeuralNetRankingModelParameters : DenseNeuralNetModelParameters<float>, ICalculateFeatureContribution
{
    internal const string LoaderSignature = "DenseNeuralNetRank";

    private static readonly ModelFormat Format = new("DNN RANK", LoaderSignature);

    internal DenseNeuralNetRankingModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, Format, trained)
    {
    }

    private DenseNeuralNetRankingModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context) => CheckSingleOutput();

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much each feature adds to the score, compared with the mean row learned from, in which features that were not standardized are 0.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.Ranking;

    internal static DenseNeuralNetRankingModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    private protected override Delegate CreateMapper() => ScalarMapper.Create(CreateScorer());
}
