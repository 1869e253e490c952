using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetMultiOutputRegressionTransformer), null, typeof(SignatureLoadModel),
    "", DenseNeuralNetMultiOutputRegressionTransformer.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>Predicts several numbers for each row. ML.NET's own transformer for regressions loads models with one output only.</summary>
public sealed class DenseNeuralNetMultiOutputRegressionTransformer
    : SingleFeaturePredictionTransformerBase<DenseNeuralNetMultiOutputRegressionModelParameters>
{
    internal const string LoaderSignature = "DenseNetMultiOutPredXfer";

    private static readonly ModelFormat Format = new("DNN MXFR", LoaderSignature);

    internal DenseNeuralNetMultiOutputRegressionTransformer(
        IHostEnvironment env, DenseNeuralNetMultiOutputRegressionModelParameters model, DataViewSchema trainSchema, string featureColumnName)
        : base(env.Register(LoaderSignature), model, trainSchema, featureColumnName) => Scorer = GetGenericScorer();

    private DenseNeuralNetMultiOutputRegressionTransformer(IHostEnvironment env, ModelLoadContext context)
        : base(env.Register(LoaderSignature), context) => Scorer = GetGenericScorer();

    internal static DenseNeuralNetMultiOutputRegressionTransformer Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    /// <inheritdoc/>
    protected override void SaveCore(ModelSaveContext ctx)
    {
        ctx.SetVersionInfo(Format.VersionInfo);
        base.SaveCore(ctx);
    }
}
