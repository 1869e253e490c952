using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(typeof(DenseNeuralNetMultiLabelTransformer), null, typeof(SignatureLoadModel), "", DenseNeuralNetMultiLabelTransformer.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>Predicts several labels of each row, each true or false. ML.NET has no transformer for them.</summary>
public sealed class DenseNeuralNetMultiLabelTransformer : SingleFeaturePredictionTransformerBase<DenseNeuralNetMultiLabelModelParameters>
{
    internal const string LoaderSignature = "DenseNetMultiLabPredXfer";

    private static readonly ModelFormat Format = new("DNN LXFR", LoaderSignature);

    private readonly IHostEnvironment _env;

    internal DenseNeuralNetMultiLabelTransformer(IHostEnvironment env, DenseNeuralNetMultiLabelModelParameters model, DataViewSchema trainSchema, string featureColumnName)
        : base(env.Register(LoaderSignature), model, trainSchema, featureColumnName) => (_env, Scorer) = (env, GetGenericScorer());

    private DenseNeuralNetMultiLabelTransformer(IHostEnvironment env, ModelLoadContext context)
        : base(env.Register(LoaderSignature), context) => (_env, Scorer) = (env, GetGenericScorer());

    /// <summary>The same transformer with other thresholds.</summary>
    /// <param name="thresholds">For each label the probability above which it is predicted, in [0, 1].</param>
    /// <returns>A new transformer on the same network.</returns>
    /// <exception cref="ArgumentException">There are more or fewer thresholds than labels, or one is outside [0, 1].</exception>
    public DenseNeuralNetMultiLabelTransformer WithThresholds(IReadOnlyList<float> thresholds) => new(_env, Model.WithThresholds(thresholds), TrainSchema, FeatureColumnName);

    internal static DenseNeuralNetMultiLabelTransformer Create(IHostEnvironment env, ModelLoadContext context) => new(env, Format.Check(env, context));

    /// <inheritdoc/>
    protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Format.VersionInfo);
        base.SaveCore(ctx);
    }
}
