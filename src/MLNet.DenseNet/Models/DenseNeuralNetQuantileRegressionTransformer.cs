using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetQuantileRegressionTransformer), null, typeof(SignatureLoadModel),
    "", DenseNeuralNetQuantileRegressionTransformer.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>Predicts several quantiles of each row's label. ML.NET has no transformer for them.</summary>
public sealed class DenseNeuralNetQuantileRegressionTransformer
    : SingleFeaturePredictionTransformerBase<DenseNeuralNetQuantileRegressionModelParameters>
{
    internal const string LoaderSignature = "DenseNetQuantilePredXfer";

    private static readonly ModelFormat Format = new("DNN QXFR", LoaderSignature);

    internal DenseNeuralNetQuantileRegressionTransformer(
        IHostEnvironment env, DenseNeuralNetQuantileRegressionModelParameters model, DataViewSchema trainSchema, string featureColumnName)
        : base(env.Register(LoaderSignature), model, trainSchema, featureColumnName) => Scorer = GetGenericScorer();

    private DenseNeuralNetQuantileRegressionTransformer(IHostEnvironment env, ModelLoadContext context)
        : base(env.Register(LoaderSignature), context) => Scorer = GetGenericScorer();

    internal static DenseNeuralNetQuantileRegressionTransformer Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    /// <inheritdoc/>
    protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Format.VersionInfo);
        base.SaveCore(ctx);
    }
}
