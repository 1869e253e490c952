using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetMultiLabelModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, multi-label classification", DenseNeuralNetMultiLabelModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for multi-label classification: from features to a logit for each label, the score.</summary>
public sealed class DenseNeuralNetMultiLabelModelParameters : DenseNeuralNetModelParameters<VBuffer<float>>
{
    internal const string LoaderSignature = "DenseNeuralNetMultiLabel";

    private const float UsualThreshold = 0.5f;

    private static readonly ModelFormat Format = new("DNN MLAB", LoaderSignature);

    private readonly IHostEnvironment _env;
    private readonly float[] _thresholds;

    internal DenseNeuralNetMultiLabelModelParameters(IHostEnvironment env, TrainedNetwork trained) : this(env, trained, [.. Enumerable.Repeat(UsualThreshold, trained.Network.OutputShape.Size)])
    {
    }

    private DenseNeuralNetMultiLabelModelParameters(IHostEnvironment env, TrainedNetwork trained, float[] thresholds)
        : base(env, Format, trained) => (_env, _thresholds) = (env, thresholds);

    private DenseNeuralNetMultiLabelModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context)
    {
        if (Network.OutputActivation != Activation.Sigmoid)
            throw new FormatException($"The saved model is damaged: its network ends in {Network.OutputActivation}, expected sigmoid.");
        _env = env;
        _thresholds = ProbabilitiesFormat.Thresholds.Read(context.Reader, Network.OutputShape.Size);
    }

    /// <summary>For each label the probability above which it is predicted; 0.5 unless changed.</summary>
    public IReadOnlyList<float> Thresholds => _thresholds;

    /// <summary>ML.NET has no kind for it; this one is for scores that are vectors.</summary>
    protected override PredictionKind PredictionKind => PredictionKind.MultiOutputRegression;

    internal static DenseNeuralNetMultiLabelModelParameters Create(IHostEnvironment env, ModelLoadContext context) => new(env, Format.Check(env, context));

    internal DenseNeuralNetMultiLabelModelParameters WithThresholds(IReadOnlyList<float> thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        if (thresholds.Count != _thresholds.Length)
            throw new ArgumentException($"There are {thresholds.Count} thresholds; the model has {_thresholds.Length} labels.", nameof(thresholds));
        foreach (var threshold in thresholds)
        {
            if (threshold is not (>= 0 and <= 1))
                throw new ArgumentException(FormattableString.Invariant($"A threshold is a probability, in [0, 1]; {threshold} was given."), nameof(thresholds));
        }

        return new(_env, Trained, [.. thresholds]);
    }

    private protected override Delegate CreateMapper() => VectorMapper.Create(CreateScorer(Network.ToLogits()));

    private protected override ScoreColumns Outputs(DataViewSchema.Column score) => new MultiLabelColumns(_thresholds, Meanings?.Outputs);

    private protected override void SaveTask(BinaryWriter writer) => ProbabilitiesFormat.Thresholds.Write(_thresholds, writer);

    private protected override void AddTo(OnnxGraph graph) => AddLogits(graph);

    private protected override void AddPredictedLabel(OnnxContext context, string[] outputs) =>
        context.CreateNode(
            "Greater", [outputs[2], context.AddInitializer(_thresholds, [_thresholds.Length], "thresholds")], [outputs[0]], context.GetNodeName("Greater"), "");
}
