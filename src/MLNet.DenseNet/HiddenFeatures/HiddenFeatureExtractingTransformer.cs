using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using MLNet.DenseNet;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(typeof(HiddenFeatureExtractingTransformer), null, typeof(SignatureLoadModel), "Hidden layer of a dense neural network", HiddenFeatureExtractingTransformer.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>Puts out the values of a hidden layer of a trained network; of an ensemble those of all members, one after the other. Saved, it holds the model, the names of its columns, and which layer it is.</summary>
public sealed class HiddenFeatureExtractingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "DenseNetHiddenFeatures";

    private const string ModelFolder = "Model";

    private static readonly ModelFormat Format = new("DNN HIDF", LoaderSignature);

    private readonly IDenseNeuralNetModel _model;
    private readonly int _layer;

    // Those of the members, up to the layer.
    private readonly Network[] _networks;

    internal HiddenFeatureExtractingTransformer(IHostEnvironment env, IDenseNeuralNetModel model, string inputColumnName, string outputColumnName, int layer)
        : base(env.Register(LoaderSignature), (outputColumnName, inputColumnName)) => (_model, _layer, _networks) = (model, layer, NetworksOf(model, layer));

    private HiddenFeatureExtractingTransformer(IHostEnvironment env, ModelLoadContext context)
        : base(env.Register(LoaderSignature), context)
    {
        if (ColumnPairs.Length != 1)
            throw new FormatException($"The saved model is damaged: it puts out {ColumnPairs.Length} hidden layers, expected 1.");
        context.LoadModel<IDenseNeuralNetModel, SignatureLoadModel>(env, out _model, ModelFolder);
        _layer = SavedPlace.Read(context.Reader, "layers before the output layer", _model.Network.Members[0].WithoutSumsBeside().Layers.Count - 1);
        _networks = NetworksOf(_model, _layer);
    }

    private int Size => _networks.Sum(network => network.OutputShape.Size);

    internal static HiddenFeatureExtractingTransformer Create(IHostEnvironment env, ModelLoadContext context) => new(env, Format.Check(env, context));

    private static Network[] NetworksOf(IDenseNeuralNetModel model, int layer) => [.. model.Network.Members.ToArray().Select(member => member.WithoutSumsBeside().UpTo(layer))];

    /// <inheritdoc/>
    protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.CheckValue(ctx, nameof(ctx));
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Format.VersionInfo);
        SaveColumns(ctx);
        ctx.SaveModel(_model, ModelFolder);
        SavedPlace.Write(_layer, ctx.Writer);
    }

    /// <inheritdoc/>
    protected override IRowMapper MakeRowMapper(DataViewSchema schema) => new Mapper(Host, this, schema);

    /// <summary>Dimensions that say that values come in another order are refused, as by the model itself.</summary>
    protected override void CheckInputColumn(DataViewSchema inputSchema, int col, int srcCol)
    {
        var (column, size) = (inputSchema[srcCol], _model.Network.InputShape.Size);
        if (_model.Layout.Keys is null && (column.Type is not VectorDataViewType { ItemType: NumberDataViewType { RawType: var item } } type || item != typeof(float) || type.Size != size))
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "feature", column.Name, $"a vector of {size} values of Single", column.Type.ToString());
        if (_model.Layout.ExpectedInsteadOf(column) is { } expected)
            throw Host.ExceptSchemaMismatch(nameof(inputSchema), "feature", column.Name, $"{expected}, as the model was trained", column.Type.ToString());
    }

    private void AddTo(OnnxContext context, string features, string output)
    {
        const string Hidden = "hidden";
        var graph = new OnnxGraph();
        var input = OnnxPipeline.AddFeatures(graph, _model.Layout);
        string[] values = [.. _networks.Select(network => NetworkToOnnx.Add(network, input).Plain)];
        graph.Output(values.Length == 1 ? values[0] : graph.Node("Concat", values, ("axis", 1L)), Hidden, Size);
        OnnxPipeline.Add(graph, context, OnnxPipeline.Features(context, features, _model.Layout), new Dictionary<string, string> { [Hidden] = output });
    }

    private sealed class Mapper(IHost host, HiddenFeatureExtractingTransformer parent, DataViewSchema schema) : OneToOneMapperBase(host, parent, schema), ISaveAsOnnx
    {
        private readonly string _output = parent.ColumnPairs[0].outputColumnName;

        public bool CanSaveOnnx(OnnxContext ctx) => true;

        public void SaveAsOnnx(OnnxContext ctx)
        {
            var type = OutputColumns.Value[0].Type;
            parent.AddTo(ctx, ctx.GetVariableName(parent.ColumnPairs[0].inputColumnName), ctx.AddIntermediateVariable(type, _output));
        }

        protected override DataViewSchema.DetachedColumn[] GetOutputColumnsCore() => [new(_output, new VectorDataViewType(NumberDataViewType.Single, parent.Size))];

        protected override Delegate MakeGetter(DataViewRow input, int iinfo, Func<int, bool> activeOutput, out Action? disposer)
        {
            disposer = null;
            var (model, column) = (parent._model, input.Schema[ColMapNewToOld[iinfo]]);
            var lookedUpBy = LookedUpNumbers.By(model.Network.Members[0].Layers.Select(place => place.Layer));
            var row = model.Layout.Keys is { } keys ? new KeyVectors(Host, keys, input.Schema, column).Of(input) : input;
            column = row.Schema[column.Index];
            model.Meanings?.CheckToPredictFrom(Host, column);
            var getFeatures = new CheckedRow(row, column, lookedUpBy).GetGetter<VBuffer<float>>(column);
            RowScorer[] scorers = [.. parent._networks.Select(network => new RowScorer(network, new ChannelsLast(model.Layout.Planes)))];
            var (features, size) = (default(VBuffer<float>), parent.Size);
            ValueGetter<VBuffer<float>> getter = (ref VBuffer<float> values) =>
            {
                getFeatures(ref features);
                var editor = VBufferEditor.Create(ref values, size);
                var start = 0;
                foreach (var scorer in scorers)
                {
                    var outputs = scorer.Score(in features);
                    outputs.CopyTo(editor.Values[start..]);
                    start += outputs.Length;
                }

                values = editor.Commit();
            };
            return getter;
        }
    }
}
