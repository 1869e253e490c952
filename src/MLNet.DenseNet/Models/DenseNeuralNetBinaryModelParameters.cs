using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetBinaryModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, binary classification", DenseNeuralNetBinaryModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for binary classification: from features to a logit, the score, and its sigmoid, the probability.</summary>
public sealed class DenseNeuralNetBinaryModelParameters : DenseNeuralNetModelParameters<float>, IValueMapperDist, ICalculateFeatureContribution
{
    internal const string LoaderSignature = "DenseNeuralNetBinary";

    private static readonly ModelFormat Format = new("DNN BIN ", LoaderSignature);

    internal DenseNeuralNetBinaryModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, Format, trained)
    {
    }

    private DenseNeuralNetBinaryModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context)
    {
        CheckSingleOutput();
        if (Network.OutputActivation != Activation.Sigmoid)
            throw new FormatException($"The saved model is damaged: its network ends in {Network.OutputActivation}, expected sigmoid.");
    }

    DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much each feature adds to the logit, compared with the mean row learned from, in which features that were not standardized are 0.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.BinaryClassification;

    ValueMapper<TSource, TScore, TProbability> IValueMapperDist.GetMapper<TSource, TScore, TProbability>()
    {
        var scorer = CreateScorer(Network.ToLogits());
        ValueMapper<VBuffer<float>, float, float> map = (in VBuffer<float> features, ref float score, ref float probability) =>
        {
            score = scorer.Score(in features)[0];
            probability = LogitProbability.Of(score);
        };
        return map as ValueMapper<TSource, TScore, TProbability>
            ?? throw Host.Except($"The model maps {InputType} to two of {OutputType}, not {typeof(TSource)} to {typeof(TScore)} and {typeof(TProbability)}.");
    }

    internal static DenseNeuralNetBinaryModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    private protected override void AddTo(OnnxGraph graph) => AddLogits(graph);

    private protected override Delegate CreateMapper() => ScalarMapper.Create(CreateScorer(Network.ToLogits()));
}
