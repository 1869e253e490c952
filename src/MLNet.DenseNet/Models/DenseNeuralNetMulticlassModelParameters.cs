using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetMulticlassModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, multiclass classification", DenseNeuralNetMulticlassModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for multiclass classification: from features to a score for each class, a probability with softmax outputs.</summary>
public sealed class DenseNeuralNetMulticlassModelParameters : DenseNeuralNetModelParameters<VBuffer<float>>, ICalculateFeatureContribution
{
    internal const string LoaderSignature = "DenseNeuralNetMulti";

    private static readonly ModelFormat Format = new("DNN MULT", LoaderSignature);

    internal DenseNeuralNetMulticlassModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, Format, trained)
    {
    }

    private DenseNeuralNetMulticlassModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context)
    {
    }

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much each feature adds to the logit of the predicted class, compared with the mean row learned from, in which features that were not standardized are 0.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.MulticlassClassification;

    internal static DenseNeuralNetMulticlassModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    private protected override void AddPredictedLabel(OnnxContext context, string[] outputs) => OnnxPipeline.AddPredictedLabel(context, outputs[1], outputs[0]);

    private protected override Delegate CreateMapper() => VectorMapper.Create(CreateScorer());
}
