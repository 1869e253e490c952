using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Weighted sums of all inputs, and beside them layers for some of the inputs: y = x W + f(x[columns]), where f are the layers one after the other. So numbers among thousands of words or categories get layers of their own, such as
/// a <see cref="NumericEmbeddingLayer"/>, while rows stay sparse. Parameters: "weights" W (inputs x units), then those of the layers, named "1.weights" and so on after their positions, from 1. The last of the layers decides the units, and its bias is that of the sums.
/// </summary>
/// <remarks>Cheng et al., "Wide and deep learning for recommender systems" (2016). An activation after the sum is an <see cref="ActivationLayer"/> behind this layer. The weights begin with the values of Glorot and Bengio (2010), and weight decay applies to them.</remarks>
public sealed class WideAndDeepLayer : Layer
{
    private const int Weights = 0;

    private readonly int[] _columns;

    /// <summary>Sums of all inputs, and <paramref name="layers"/> for some of these.</summary>
    /// <param name="columns">Which inputs the layers take, ascending; at least one.</param>
    /// <param name="layers">At least one; of any kind but <see cref="EnsembleLayer"/> and <see cref="EmbeddingLayer"/>. The last makes plain units.</param>
    /// <exception cref="ArgumentException">There are no columns, or one is below 0 or not above the one before it. Or there is no layer, there are more than 10,000, they lie too deep in one another, or one is an ensemble or looks up its input, which the sums would take for a quantity.</exception>
    public WideAndDeepLayer(IReadOnlyList<int> columns, IReadOnlyList<Layer> layers) : base(layers)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = ColumnList.Checked(columns, "A wide and deep layer", nameof(columns));
        if (layers.Any(LooksUp))
            throw new ArgumentException($"An {nameof(EmbeddingLayer)} cannot stand inside a wide and deep layer, whose sums would take the numbers that it looks up for quantities.", nameof(layers));
    }

    /// <summary>The inputs that the layers take.</summary>
    public IReadOnlyList<int> Columns => _columns;

    /// <summary>The layers for these.</summary>
    public IReadOnlyList<Layer> Layers => InnerLayers;

    /// <summary>Such as "Wide and deep, 2 columns [Numeric embedding 4, 32 bins, Dense 64 identity]".</summary>
    public override string ToString() => FormattableString.Invariant($"Wide and deep, {_columns.Length} columns [{string.Join(", ", Layers)}]");

    internal static Layer Read(LayerReader reader) => new WideAndDeepLayer(ColumnList.Read(reader), reader.ReadInnerLayers());

    /// <summary>int32 number of columns, int32 each; int32 number of layers, then each: byte kind, then what that writes.</summary>
    internal override void Write(BinaryWriter writer)
    {
        ColumnList.Write(_columns, writer);
        LayerKinds.WriteInner(InnerLayers, writer);
    }

    internal override Shape OutputShape(Shape input)
    {
        ColumnList.CheckInput(_columns, input);
        var output = InnerShapes()[^1];
        return output.Dimensions.Length == 1 ? output : throw new ArgumentException($"Its layers make {output} of its columns. It needs layers that make plain units.");
    }

    internal override IReadOnlyList<Shape> InnerInputs(Shape input) => InnerShapes()[..^1];

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var units = InnerShapes()[^1].Size;
        var weights = (long)input.Size * units;
        ParameterSpecification.CheckCount(input, weights, FormattableString.Invariant($"A wide and deep layer of {units:N0} units on {input.Size:N0} inputs has {weights:N0} weights"));
        return [new("weights", new Shape(input.Size, units), IsDecayed: true)];
    }

    internal override void Initialize(NetworkLayer layer, RandomBits random) =>
        layer.Parameter(Weights).FillUniform(random, WeightInitialization.GlorotLimit(layer.InputShape.Size, layer.OutputShape.Size));

    /// <summary>The columns that the layers take, then what these keep.</summary>
    internal override LayerMemory Cache(Shape input) => new LayerMemory(_columns.Length) + LayerChain.Cache(InnerLayers, InnerShapes());

    /// <summary>The columns that the layers take, or their gradients, then what the layers make of them, then what these need.</summary>
    internal override LayerMemory Scratch(Shape input)
    {
        var shapes = InnerShapes();
        return new LayerMemory(_columns.Length) + new LayerMemory(shapes[^1].Size) + LayerChain.Scratch(InnerLayers, shapes);
    }

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var (graph, weights) = (input.Graph, layer.Parameter(Weights));
        var made = OnnxRows.Of(graph, _columns.Length, graph.Columns(input.Plain, _columns));
        foreach (var inner in layer.Inner)
            made = inner.Layer.ToOnnx(made, inner);
        return made.Combine("Add", OnnxRows.Of(graph, layer.OutputShape, graph.Node("MatMul", [input.Plain, graph.Constant("weights", weights.ToArray(), weights.Rows, weights.Columns)])));
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(_columns, layer);

    private static bool LooksUp(Layer layer) => layer is EmbeddingLayer || layer.InnerLayers.Any(LooksUp);

    /// <summary>The shape before each of the layers, then that after the last.</summary>
    private Shape[] InnerShapes() => LayerChain.Shapes(InnerLayers, _columns.Length);

    private sealed unsafe class Passes(int[] columns, NetworkLayer layer) : LayerPasses
    {
        private readonly ChainPasses _layers = new(layer.Inner);
        private readonly WeightedSums _sums = new(layer.Parameter(Weights), bias: null);
        private readonly int _inputs = layer.InputShape.Size;
        private readonly int _units = layer.OutputShape.Size;

        public override bool TakesSparse => true;

        /// <summary>y = x W + f(x[columns]).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _units);
            var (ofColumns, ofOutputs) = (pass.Rows * columns.Length, pass.Rows * _units);
            var selected = (pass.Training is null ? pass.Scratch : pass.Cache)[..ofColumns];
            var scratch = pass.Scratch[(ofColumns + ofOutputs)..];
            fixed (float* chosen = selected)
            {
                SelectedColumns.Read(in pass.Inputs, columns, selected, pass.Team);
                InputRows rows = new MatrixRows(chosen, pass.Rows, columns.Length);
                Span<float> made;
                if (pass.Training is { } training)
                {
                    made = _layers.Train(in rows, pass.Cache[ofColumns..], scratch, training, pass.Team);
                }
                else
                {
                    made = pass.Scratch.Slice(ofColumns, ofOutputs);
                    _layers.Predict(in rows, made, scratch, pass.Team, pass.Saturates);
                }

                fixed (float* ofLayers = made, y = pass.Output)
                    _sums.Forward(in pass.Inputs, pass.Output, new AddingOutputs(ofLayers, y, _units, pass.Saturates), pass.Team);
            }
        }

        /// <summary>dW = xᵀ dy; dx = dy Wᵀ, and f'(x[columns]) dy added to it in these columns.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            var ofColumns = pass.Rows * columns.Length;
            // First the sums, since the layers may overwrite dy.
            _sums.Backward(in pass.Inputs, pass.OutputGradient, pass.InputGradient, pass.Gradients, pass.FusedUpdate, default(NoWork), pass.Team);
            var gradient = pass.InputGradient.IsEmpty ? [] : pass.Scratch[..ofColumns];
            fixed (float* chosen = pass.Cache[..ofColumns])
            {
                InputRows rows = new MatrixRows(chosen, pass.Rows, columns.Length);
                scoped var ofLayers = new BackwardPass(pass.Scratch[(ofColumns + pass.Rows * _units)..], pass.Gradients, pass.Training, pass.Team, pass.FusedUpdate);
                ofLayers.TurnTo(in rows, pass.Output, pass.Cache[ofColumns..], pass.OutputGradient, gradient);
                _layers.Backward(in ofLayers);
            }

            if (!gradient.IsEmpty)
                SelectedColumns.Add(gradient, columns, pass.InputGradient, _inputs);
        }
    }
}
