using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Columns;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Explanations;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet;

/// <summary>A trained network as a pipeline's model.</summary>
/// <typeparam name="TOutput">What it puts out for a row.</typeparam>
public abstract class DenseNeuralNetModelParameters<TOutput>
    : ModelParametersBase<TOutput>, IValueMapper, ISchemaBindableMapper, ICanSaveInTextFormat, ICanSaveSummary, ICanGetSummaryInKeyValuePairs, IBindableCanSaveOnnx, ISingleCanSaveOnnx, IFeatureContributionMapper, IDenseNeuralNetModel
{
    private readonly ModelFormat _format;

    private protected DenseNeuralNetModelParameters(IHostEnvironment env, ModelFormat format, TrainedNetwork trained)
        : base(env, format.LoaderSignature) => (_format, Trained) = (format, trained);

    private protected DenseNeuralNetModelParameters(IHostEnvironment env, ModelFormat format, ModelLoadContext context)
        : base(env, format.LoaderSignature, context) => (_format, Trained) = (format, ModelFormat.Read(context));

    /// <summary>The layers in order, with their shapes and trained weights. The weights of a dense layer are (inputs x units), row-major.</summary>
    public IReadOnlyList<NetworkLayer> Layers => Network.Layers;

    /// <summary>The number of trained weights and biases.</summary>
    public int ParameterCount => Network.ParameterCount;

    /// <summary>How training went, epoch by epoch, and how it ended; null for models saved by versions before it was kept.</summary>
    public TrainingHistory? History => Trained.History;

    internal Network Network => Trained.Network;

    Network IDenseNeuralNetModel.Network => Network;

    /// <summary>What the columns stood for that the model learned from; null for models saved by versions before it was kept.</summary>
    internal ColumnMeanings? Meanings => Trained.Meanings;

    ColumnMeanings? IDenseNeuralNetModel.Meanings => Meanings;

    /// <summary>How far predictions were from the labels of rows that were held out; null where none were, and of tasks other than the regression of one number.</summary>
    internal HeldOutErrors? Errors => Trained.Errors;

    FeatureLayout IDenseNeuralNetModel.Layout => Trained.Layout;

    DataViewType IValueMapper.InputType => InputType;

    DataViewType IValueMapper.OutputType => OutputType;

    private protected DataViewType InputType => new VectorDataViewType(NumberDataViewType.Single, Network.InputShape.Size);

    /// <summary>How many planes the feature column has; 1 where it comes as the network takes it.</summary>
    private protected int Planes => Trained.Layout.Planes;

    /// <summary>What the model is made of.</summary>
    private protected TrainedNetwork Trained { get; }

    private protected DataViewType OutputType => typeof(TOutput) == typeof(float) ? NumberDataViewType.Single : new VectorDataViewType(NumberDataViewType.Single, Network.OutputShape.Size);

    /// <inheritdoc/>
    public NetworkSummary Summary() => Network.Summary();

    /// <summary>Writes the <see cref="Summary"/>: a table of the layers with their shapes, numbers of parameters and memory.</summary>
    /// <param name="writer">Where to.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public void SaveSummary(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        NetworkText.WriteSummary(writer, Network);
    }

    /// <summary>Writes the summary and all weights and biases, so that the numbers read back are the same to the bit.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="featureColumn">The column that the features come from, if its slot names, where it has them, are to stand before the weights of the first layer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public void SaveAsText(TextWriter writer, DataViewSchema.Column? featureColumn = null)
    {
        SaveSummary(writer);
        var names = featureColumn is not { } features ? null : Trained.Layout.Keys is { } keys ? keys.Names(features) : SlotNames.All(features);
        NetworkText.WriteParameters(writer, Network, names is null ? null : new ChannelsLast(Trained.Layout.Planes).Of(names));
    }

    void ICanSaveSummary.SaveSummary(TextWriter writer, RoleMappedSchema schema) => SaveSummary(writer);

    void ICanSaveInTextFormat.SaveAsText(TextWriter writer, RoleMappedSchema schema) => SaveAsText(writer, schema?.Feature);

    IList<KeyValuePair<string, object>> ICanGetSummaryInKeyValuePairs.GetSummaryInKeyValuePairs(RoleMappedSchema schema) =>
    [
        .. Layers.Select(layer => KeyValuePair.Create($"{layer.Index}", (object)layer.ToString())),
        .. Layers.SelectMany(layer => layer.Parameters, (layer, parameter) =>
            KeyValuePair.Create($"{layer.Index} {parameter.Name}", (object)parameter.ToArray())),
    ];

    ISchemaBoundMapper ISchemaBindableMapper.Bind(IHostEnvironment env, RoleMappedSchema schema)
    {
        if (schema.Feature is { } feature && Trained.Layout.ExpectedInsteadOf(feature) is { } expected)
            throw Host.ExceptSchemaMismatch(nameof(schema), "feature", feature.Name, $"{expected}, as the model was trained", feature.Type.ToString());
        ISchemaBindableMapper standard = this is IValueMapperDist ? new SchemaBindableBinaryPredictorWrapper(this) : new SchemaBindablePredictorWrapper(this);
        var toVectors = schema.Feature is { } column && Trained.Layout.Keys is { } keys ? new KeyVectors(Host, keys, schema.Schema, column) : null;
        var columns = toVectors is null ? schema : new RoleMappedSchema(toVectors.Schema, schema.GetColumnRoleNames());
        var bound = (ISchemaBoundRowMapper)standard.Bind(env, columns);
        if (columns.Feature is { } features)
            Meanings?.CheckToPredictFrom(Host, features);
        return new BoundModel(this, schema, toVectors, bound, LookedUpNumbers.By(Network.Members[0].Layers.Select(place => place.Layer)), Outputs(bound.OutputSchema[0]));
    }

    OnnxGraph IOnnxExportable.ToOnnx()
    {
        var graph = new OnnxGraph();
        AddTo(graph);
        return graph;
    }

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    bool IBindableCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, RoleMappedSchema schema, string[] outputNames) =>
        schema.Feature is { } features && ctx.ContainsColumn(features.Name) && ((ISingleCanSaveOnnx)this).SaveAsOnnx(ctx, outputNames, ctx.GetVariableName(features.Name));

    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
    {
        OnnxPipeline.Add(((IOnnxExportable)this).ToOnnx(), ctx, OnnxPipeline.Features(ctx, featureColumn, Trained.Layout), outputNames);
        AddPredictedLabel(ctx, outputNames);
        return true;
    }

    ValueMapper<TSource, VBuffer<float>> IFeatureContributionMapper.GetFeatureContributionMapper<TSource, TDestination>(int top, int bottom, bool normalize) =>
        ContributionMapper.For<TSource>(CreateContributionMapper(top, bottom, normalize));

    ValueMapper<TSource, TDestination> IValueMapper.GetMapper<TSource, TDestination>() =>
        CreateMapper() as ValueMapper<TSource, TDestination>
        ?? throw Host.Except($"The model maps {InputType} to {OutputType}, not {typeof(TSource)} to {typeof(TDestination)}.");

    /// <summary>Makes a function from features to outputs, to be used by one thread at a time, of type <c>ValueMapper&lt;VBuffer&lt;float&gt;, TOutput&gt;</c>.</summary>
    private protected abstract Delegate CreateMapper();

    /// <summary>Makes a function from features to what each of them adds to the score, to be used by one thread at a time. Of several scores, the highest is explained.</summary>
    private protected virtual ValueMapper<VBuffer<float>, VBuffer<float>> CreateContributionMapper(int top, int bottom, bool normalize) =>
        ContributionMapper.Create(Network, Trained.Layout.Planes, output: null, top, bottom, normalize);

    /// <summary>Adds what the model makes of its features to a graph, as outputs named after its columns in lower case.</summary>
    private protected virtual void AddTo(OnnxGraph graph) => AddScore(graph, NetworkToOnnx.Add(Network, AddFeatures(graph)));

    /// <summary>The same for a network whose scores are logits, and with them their sigmoids.</summary>
    private protected void AddLogits(OnnxGraph graph)
    {
        var logits = NetworkToOnnx.Add(Network.ToLogits(), AddFeatures(graph));
        AddScore(graph, logits);
        graph.Output(Activation.Sigmoid.ToOnnx(logits).Plain, OnnxPipeline.Probability, logits.Shape.Size);
    }

    /// <summary>Adds the predicted label to the ONNX model of a pipeline, where the task has one and the scorer does not add it.</summary>
    /// <param name="context">The pipeline.</param>
    /// <param name="outputs">The variables, as <see cref="OnnxPipeline"/> has them.</param>
    private protected virtual void AddPredictedLabel(OnnxContext context, string[] outputs)
    {
    }

    /// <summary>What a bound model puts out of the column of scores; null for what ML.NET puts out.</summary>
    private protected virtual ScoreColumns? Outputs(DataViewSchema.Column score) => null;

    /// <summary>Writes what a task has besides the network.</summary>
    private protected virtual void SaveTask(BinaryWriter writer)
    {
    }

    /// <inheritdoc cref="OnnxPipeline.AddFeatures"/>
    private protected OnnxRows AddFeatures(OnnxGraph graph) => OnnxPipeline.AddFeatures(graph, Trained.Layout);

    private protected static void AddScore(OnnxGraph graph, OnnxRows scores) => graph.Output(scores.Plain, OnnxPipeline.Score, scores.Shape.Size);

    /// <inheritdoc/>
    protected sealed override void SaveCore(ModelSaveContext ctx)
    {
        base.SaveCore(ctx);
        _format.Write(Trained, ctx, SaveTask);
    }

    /// <summary>Makes what runs rows, as the feature column gives them, through the network.</summary>
    private protected RowScorer CreateScorer() => CreateScorer(Network);

    /// <param name="network">This model's, or a part of it.</param>
    /// <inheritdoc cref="CreateScorer()"/>
    private protected RowScorer CreateScorer(Network network) => new(network, new ChannelsLast(Trained.Layout.Planes));

    /// <summary>Refuses a network with several outputs where the task has one.</summary>
    private protected void CheckSingleOutput()
    {
        if (Network.OutputShape.Size != 1)
            throw new FormatException($"The saved model is damaged: its network has {Network.OutputShape.Size} outputs, expected 1.");
    }
}
