using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Explanations;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(typeof(OutputContributions), null, typeof(SignatureLoadModel), "Contributions to an output of a dense neural network", OutputContributions.LoaderSignature)]

namespace MLNet.DenseNet.Explanations;

/// <summary>A model of which one output is explained, such as a class or one of several numbers. Saved, it holds the model, and the output as <see cref="SavedPlace"/>.</summary>
internal sealed class OutputContributions : ICalculateFeatureContribution, IFeatureContributionMapper, ICanSaveModel
{
    internal const string LoaderSignature = "DenseNetContributions";

    private const string ModelFolder = "Model";

    private static readonly ModelFormat Format = new("DNN CTRB", LoaderSignature);

    private readonly IDenseNeuralNetModel _model;
    private readonly int _output;

    /// <param name="model">The model.</param>
    /// <param name="output">The output, from 0.</param>
    public OutputContributions(IDenseNeuralNetModel model, int output) => (_model, _output) = (model, output);

    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    PredictionKind IPredictor.PredictionKind => ((IPredictor)_model).PredictionKind;

    internal static OutputContributions Create(IHostEnvironment env, ModelLoadContext context)
    {
        Format.Check(env, context);
        context.LoadModel<IDenseNeuralNetModel, SignatureLoadModel>(env, out var model, ModelFolder);
        return new OutputContributions(model, SavedPlace.Read(context.Reader, "outputs", model.Network.OutputShape.Size));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Format.VersionInfo);
        ctx.SaveModel(_model, ModelFolder);
        SavedPlace.Write(_output, ctx.Writer);
    }

    ValueMapper<TSource, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSource, TDestination>(int top, int bottom, bool normalize) =>
        ContributionMapper.For<TSource>(ContributionMapper.Create(_model.Network, _model.Layout.Planes, _output, top, bottom, normalize));
}
