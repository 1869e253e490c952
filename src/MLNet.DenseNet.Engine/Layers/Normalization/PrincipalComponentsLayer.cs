using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Appends principal components of variance 1 to the inputs: y = [x, clip(x[columns] W + b)]. In columns that go together, such as the wavelengths of a spectrum, what tells is often a small difference that all of them share. Gradient descent is slow to find that, since it first learns what varies most;
/// as a component of its own it is found as soon as any other. Parameters, which are statistics of the training rows (<see cref="NetworkTrainer.Standardize(Dataset)"/>) and not trained: "weights" W (columns x components) and "bias" b (components), at first 0.
/// The clipping is that of <see cref="StandardizationLayer"/>: a row whose columns do not go together as those of the others would otherwise have components as large as the scales of small differences are.
/// </summary>
/// <remarks>Component k is the direction of the k-th largest variance, and W and b bring it to mean 0 and variance 1, which is called whitening: LeCun et al., "Efficient BackProp" (1998), section 4.3.</remarks>
public sealed class PrincipalComponentsLayer : Layer
{
    private const int Weights = 0;
    private const int Bias = 1;

    private readonly int[]? _columns;

    /// <summary>A layer of <paramref name="components"/> components.</summary>
    /// <param name="components">How many, at least 1. Those beyond the number of columns or of training rows stay 0.</param>
    /// <param name="columns">Of which inputs, ascending; null, the default, for all of them.</param>
    /// <param name="limit">What the magnitude of a component stays below, in [0.001, 1000] standard deviations; 3 by default.</param>
    /// <param name="keepsInputs">Whether the inputs go through, too; yes by default. Without them, the components alone come out.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="components"/> is below 1, or <paramref name="limit"/> outside its range.</exception>
    /// <exception cref="ArgumentException">There are no columns, or one is below 0 or not above the one before it.</exception>
    public PrincipalComponentsLayer(int components, IReadOnlyList<int>? columns = null, float limit = 3, bool keepsInputs = true)
    {
        if (components < 1)
            throw new ArgumentOutOfRangeException(nameof(components), FormattableString.Invariant($"A layer of principal components needs at least 1 of them; {components} was given."));
        if (limit is not (>= 0.001f and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(limit), FormattableString.Invariant($"The limit of principal components must be in [0.001, 1000]; {limit} was given."));
        (Components, Limit, KeepsInputs) = (components, limit, keepsInputs);
        _columns = columns is null ? null : ColumnList.Checked(columns, "A layer of principal components", nameof(columns));
    }

    /// <summary>How many components there are.</summary>
    public int Components { get; }

    /// <summary>Of which inputs they are; null for all.</summary>
    public IReadOnlyList<int>? Columns => _columns;

    /// <summary>What the magnitude of a component stays below.</summary>
    public float Limit { get; }

    /// <summary>Whether the inputs go through, too.</summary>
    public bool KeepsInputs { get; }

    /// <summary>Such as "Principal components 12, 100 columns" or "Principal components 12 alone".</summary>
    public override string ToString() =>
        FormattableString.Invariant($"Principal components {Components}") + (KeepsInputs ? "" : " alone") + (_columns is null ? "" : FormattableString.Invariant($", {_columns.Length} columns"));

    internal static Layer Read(BinaryReader reader)
    {
        var (components, limit, keepsInputs, columns) = (reader.ReadInt32(), reader.ReadSingle(), reader.ReadBoolean(), ColumnList.Read(reader));
        return new PrincipalComponentsLayer(components, columns.Count == 0 ? null : columns, limit, keepsInputs);
    }

    /// <summary>int32 components, float32 limit, bool whether inputs go through, int32 number of columns, 0 for all, int32 each column.</summary>
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Components);
        writer.Write(Limit);
        writer.Write(KeepsInputs);
        ColumnList.Write(_columns, writer);
    }

    internal override Shape OutputShape(Shape input)
    {
        ColumnList.CheckInput(_columns, input);
        var outputs = (KeepsInputs ? input.Size : 0L) + Components;
        return outputs <= int.MaxValue ? new Shape((int)outputs) : throw new ArgumentException(FormattableString.Invariant($"Its output would have {outputs:N0} values."));
    }

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input)
    {
        var columns = CountOf(input);
        var weights = (long)columns * Components;
        ParameterSpecification.CheckCount(input, weights, FormattableString.Invariant($"{Components:N0} components of {columns:N0} columns have {weights:N0} weights"));
        return [new("weights", new Shape(columns, Components), IsDecayed: false, ParameterRole.Constant), new("bias", Components, IsDecayed: false, ParameterRole.Constant)];
    }

    /// <summary>The columns, then their components; in the backward pass the gradients of both.</summary>
    internal override LayerMemory Scratch(Shape input) => LayerMemory.Of((long)CountOf(input) + Components);

    private int CountOf(Shape input) => _columns?.Length ?? input.Size;

    /// <summary>The inputs that the components are of.</summary>
    internal int[] ColumnsOf(Shape input) => _columns ?? [.. Enumerable.Range(0, input.Size)];

    /// <summary>Sets the statistics.</summary>
    /// <param name="layer">A layer of principal components in its network.</param>
    /// <param name="weights">(columns x components), row-major.</param>
    /// <param name="bias">(components).</param>
    internal static void Set(NetworkLayer layer, float[] weights, float[] bias)
    {
        layer.Parameter(Weights).Set(weights);
        layer.Parameter(Bias).Set(bias);
    }

    /// <summary>(components): the standard deviation of each before it is brought to 1; 0 where there is no such component. The vectors of the directions have length 1.</summary>
    /// <param name="layer">A layer of principal components in its network.</param>
    internal static double[] DeviationsOf(NetworkLayer layer)
    {
        var squares = new double[layer.Parameter(Weights).Columns];
        var weights = layer.Parameter(Weights).ToArray();
        for (var i = 0; i < weights.Length; i++)
            squares[i % squares.Length] += (double)weights[i] * weights[i];
        return Array.ConvertAll(squares, square => square > 0 ? 1 / Math.Sqrt(square) : 0);
    }

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var (graph, weights) = (input.Graph, layer.Parameter(Weights));
        var columns = _columns is null ? input.Plain : graph.Columns(input.Plain, _columns);
        var sums = graph.Node("Gemm", [columns, graph.Constant("weights", weights.ToArray(), weights.Rows, weights.Columns), graph.Constant("bias", layer.Parameter(Bias).ToArray())]);
        var components = ClippingToOnnx.Add(graph, sums, Limit);
        return OnnxRows.Of(graph, layer.OutputShape, KeepsInputs ? graph.Node("Concat", [input.Plain, components], ("axis", 1L)) : components);
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(this, layer);

    private sealed unsafe class Passes(PrincipalComponentsLayer kind, NetworkLayer layer) : LayerPasses
    {
        private readonly int[] _columns = kind.ColumnsOf(layer.InputShape);
        private readonly int _inputs = layer.InputShape.Size;
        private readonly int _kept = kind.KeepsInputs ? layer.InputShape.Size : 0;
        private readonly int _components = kind.Components;
        private readonly float _limit = kind.Limit;
        private readonly Parameter _weights = layer.Parameter(Weights);
        private readonly WeightedSums _sums = new(layer.Parameter(Weights), layer.Parameter(Bias));

        /// <summary>z = x[columns] W + b; y = [x, z / sqrt(1 + (z / limit)²)].</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            var outputs = _kept + _components;
            Lengths.Check(pass.Output.Length, (long)pass.Rows * outputs);
            var selected = pass.Scratch[..(pass.Rows * _columns.Length)];
            var made = pass.Scratch.Slice(selected.Length, pass.Rows * _components);
            SelectedColumns.Read(in pass.Inputs, _columns, selected, pass.Team);
            fixed (float* x = selected, sums = made)
            {
                InputRows rows = new MatrixRows(x, pass.Rows, _columns.Length);
                _sums.Forward(in rows, made, new SaturatingSums(sums, _components, pass.Saturates), pass.Team);
            }

            fixed (float* sums = made, y = pass.Output)
            {
                for (var row = 0; row < pass.Rows; row++)
                {
                    var output = y + (nint)row * outputs;
                    pass.Input[row][.._kept].CopyTo(new Span<float>(output, _kept));
                    Elementwise.Run(new Clipping(sums + (nint)row * _components, output + _kept, _limit), _components);
                }
            }
        }

        /// <summary>dx = dy of the inputs themselves; in the columns, what comes back through the clipping, times Wᵀ, is added to it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            if (pass.InputGradient.IsEmpty)
                return;
            var outputs = _kept + _components;
            pass.InputGradient.Clear();
            var ofColumns = pass.Scratch[..(pass.Rows * _columns.Length)];
            var ofComponents = pass.Scratch.Slice(ofColumns.Length, pass.Rows * _components);
            fixed (float* gradient = ofComponents, y = pass.Output, dy = pass.OutputGradient)
            {
                for (var row = 0; row < pass.Rows; row++)
                {
                    var start = (nint)row * outputs;
                    new ReadOnlySpan<float>(dy + start, _kept).CopyTo(pass.InputGradient.Slice(row * _inputs, _inputs));
                    Elementwise.Run(new ClippingGradient(y + start + _kept, dy + start + _kept, gradient + (nint)row * _components, _limit), _components);
                }

                MatrixProduct.MultiplyTransposedRight(new MatrixRows(gradient, pass.Rows, _components), _weights.Elements, ofColumns, _columns.Length, pass.Team);
            }

            SelectedColumns.Add(ofColumns, _columns, pass.InputGradient, _inputs);
        }
    }

    private readonly unsafe struct Clipping(float* sums, float* outputs, float limit) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => SmoothClipping.Apply(TV.Load(sums + index), limit).Store(outputs + index);
    }

    /// <summary>By the output y, the derivative is (1 - (y / limit)²)^(3/2).</summary>
    private readonly unsafe struct ClippingGradient(float* outputs, float* gradient, float* ofSums, float limit) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var share = TV.Load(outputs + index) * TV.Broadcast(1 / limit);
            var rest = TV.Max(TV.Broadcast(1f) - share * share, TV.Broadcast(0f));
            (TV.Load(gradient + index) * (rest * TV.Sqrt(rest))).Store(ofSums + index);
        }
    }
}
