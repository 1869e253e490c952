using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Brings every input to about mean 0 and variance 1, z = (x - mean) * scale, and clips it smoothly: y = z / sqrt(1 + (z / <see cref="Limit"/>)²), which is about z near
/// 0 and stays between -<see cref="Limit"/> and <see cref="Limit"/>. A missing value, not-a-number, stays so, or becomes 0, as the mean does. Parameters, which are statistics of the training rows (<see cref="NetworkTrainer.Standardize(Dataset)"/>) and not trained: "mean" and "scale" (inputs each), at first 0 and 1. With a scale of 0, nothing comes of an input. Of images and sequences, all positions of a channel have the same ones.
/// </summary>
/// <remarks>
/// LeCun et al., "Efficient BackProp" (1998), section 4.3, on why gradient descent needs it. The smooth clipping is that of Holzmüller et al., "Better by default" (2024). It keeps
/// a single extreme value, such as one in a column that was constant in training, from deciding an output alone.
/// </remarks>
public sealed class StandardizationLayer : Layer
{
    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 16;

    private const int Mean = 0;
    private const int Scale = 1;

    /// <summary>A layer whose outputs stay within <paramref name="limit"/> standard deviations.</summary>
    /// <param name="limit">What the magnitude of an output stays below, in [0.001, 1000]; 3 by default, as in the paper.</param>
    /// <param name="takesMissingForMean">Whether a missing value counts as the mean; no by default, so that nothing comes of it that is a number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is outside its range.</exception>
    public StandardizationLayer(float limit = 3, bool takesMissingForMean = false)
    {
        if (limit is not (>= 0.001f and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(limit), FormattableString.Invariant($"The limit of a standardization must be in [0.001, 1000]; {limit} was given."));
        (Limit, TakesMissingForMean) = (limit, takesMissingForMean);
    }

    /// <summary>What the magnitude of an output stays below.</summary>
    public float Limit { get; }

    /// <summary>Whether a missing value counts as the mean.</summary>
    public bool TakesMissingForMean { get; }

    /// <summary>Such as "Standardization, limit 3".</summary>
    public override string ToString() => FormattableString.Invariant($"Standardization, limit {Limit}");

    internal static Layer Read(BinaryReader reader)
    {
        var limit = reader.ReadSingle();
        return new StandardizationLayer(Math.Abs(limit), takesMissingForMean: limit < 0);
    }

    /// <summary>float32 limit, times -1 where a missing value counts as the mean: networks of older versions have none of that.</summary>
    internal override void Write(BinaryWriter writer) => writer.Write(TakesMissingForMean ? -Limit : Limit);

    // What becomes of a missing value.
    private float Missing => TakesMissingForMean ? 0 : float.NaN;

    internal override Shape OutputShape(Shape input) => input;

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input) =>
        [new("mean", input.Size, IsDecayed: false, ParameterRole.Constant), new("scale", input.Size, IsDecayed: false, ParameterRole.Constant)];

    internal override void Initialize(NetworkLayer layer, RandomBits random) => layer.Parameter(Scale).Elements.Fill(1);

    /// <summary>Sets the statistics.</summary>
    /// <param name="layer">A standardization in its network.</param>
    /// <param name="means">(inputs).</param>
    /// <param name="scales">(inputs).</param>
    internal static void Set(NetworkLayer layer, float[] means, float[] scales)
    {
        layer.Parameter(Mean).Set(means);
        layer.Parameter(Scale).Set(scales);
    }

    /// <summary>(inputs) each, as <see cref="Set"/> takes them.</summary>
    /// <param name="layer">A standardization in its network.</param>
    internal static (float[] Means, float[] Scales) StatisticsOf(NetworkLayer layer) => (layer.Parameter(Mean).ToArray(), ScalesOf(layer));

    /// <summary>(inputs): the scales that <see cref="Set"/> takes.</summary>
    /// <param name="layer">A standardization in its network.</param>
    internal static float[] ScalesOf(NetworkLayer layer) => layer.Parameter(Scale).ToArray();

    /// <summary>What becomes of values of an input.</summary>
    /// <param name="layer">A standardization in its network.</param>
    /// <param name="input">Which input.</param>
    /// <param name="values">Values of it, changed in place.</param>
    internal static void Apply(NetworkLayer layer, int input, Span<float> values)
    {
        var (mean, scale) = (layer.Parameter(Mean).Elements[input], layer.Parameter(Scale).Elements[input]);
        foreach (ref var value in values)
            value = SmoothClipping.Apply(Saturation.Apply(new Scalar(value - mean)) * new Scalar(scale), ((StandardizationLayer)layer.Layer).Limit).Value;
    }

    internal override int[] Sources(Shape input) => [.. Enumerable.Range(0, input.Size)];

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer)
    {
        var graph = input.Graph;
        var mean = graph.Constant("mean", layer.Parameter(Mean).ToArray(), input.Shape.Dimensions);
        var scale = graph.Constant("scale", layer.Parameter(Scale).ToArray(), input.Shape.Dimensions);
        return input.MapChannelsLast(x =>
        {
            var z = graph.Node("Mul", [graph.Node("Sub", [x, mean]), scale]);
            if (TakesMissingForMean)
                z = graph.Node("Where", [graph.Node("IsNaN", [z]), graph.Number(0), z]);
            return ClippingToOnnx.Add(graph, z, Limit);
        });
    }

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(Limit, Missing, layer);

    private sealed class Passes(float limit, float missing, NetworkLayer layer) : LayerPasses
    {
        private readonly int _units = layer.InputShape.Size;
        private readonly Parameter _means = layer.Parameter(Mean);
        private readonly Parameter _scales = layer.Parameter(Scale);

        /// <summary>What is shifted has to be stored, be it 0. Where that is much, rows are written out instead.</summary>
        public override unsafe bool PassesThrough(ref CsrMatrix rows, CsrMemory memory)
        {
            if (rows.Scales != null)
                return false;
            var shifted = _means.NotZero;
            var notStored = rows.CountNotStored(shifted);
            if (notStored > 0)
            {
                if ((rows.Count + notStored) * SparseDenseProduct.CostOfMemory > (long)rows.Rows * _units)
                    return false;
                rows = memory.Complete(in rows, shifted, notStored);
            }

            rows = rows.Scaled(shifted.Length > 0 ? _means.Pointer : null, _scales.Pointer, limit, missing);
            return true;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override unsafe void Forward(in ForwardPass pass)
        {
            fixed (float* means = _means.Elements, scales = _scales.Elements, outputs = pass.Output)
            {
                var shares = RangeShares.For(pass.Team, pass.Output.Length * MultiplyAddsPerElement, pass.Rows);
                shares.Run(new Rows(pass.Input, means, scales, outputs, limit, missing, pass.Saturates), pass.Team);
            }
        }

        /// <summary>dy/dz = (1 + (z / limit)²)^(-3/2), and 0 where a missing value counts as the mean.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override unsafe void Backward(in BackwardPass pass)
        {
            if (pass.InputGradient.IsEmpty)
                return;
            fixed (float* means = _means.Elements, scales = _scales.Elements, gradient = pass.OutputGradient, inputGradient = pass.InputGradient)
            {
                for (var row = 0; row < pass.Rows; row++)
                    Elementwise.Run(new ScalingGradient(pass.Input.Start(row), means, scales, gradient + row * _units, inputGradient + row * _units, limit, missing), _units);
            }
        }
    }

    private readonly unsafe struct Rows(MatrixRows inputs, float* means, float* scales, float* outputs, float limit, float missing, bool saturates) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row++)
            {
                float* x = inputs.Start(row), y = outputs + (nint)row * inputs.Columns;
                if (saturates)
                    Elementwise.Run(new SaturatedScaling(x, means, scales, y, limit, missing), inputs.Columns);
                else
                    Elementwise.Run(new Scaling(x, means, scales, y, limit, missing), inputs.Columns);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe TV Standardize<TV>(float* x, float* mean, float* scale) where TV : struct, ISimd<TV> => (TV.Load(x) - TV.Load(mean)) * TV.Load(scale);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TV OrMissing<TV>(TV z, float missing) where TV : struct, ISimd<TV> => TV.Select(TV.Equal(z, z), z, TV.Broadcast(missing));

    private readonly unsafe struct Scaling(float* x, float* means, float* scales, float* y, float limit, float missing) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            SmoothClipping.Apply(OrMissing(Standardize<TV>(x + index, means + index, scales + index), missing), limit).Store(y + index);
    }

    /// <summary>Limits the difference from the mean, the first value that can exceed the range of float32.</summary>
    private readonly unsafe struct SaturatedScaling(float* x, float* means, float* scales, float* y, float limit, float missing) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            SmoothClipping.Apply(OrMissing(Saturation.Apply(TV.Load(x + index) - TV.Load(means + index)) * TV.Load(scales + index), missing), limit).Store(y + index);
    }

    private readonly unsafe struct ScalingGradient(float* x, float* means, float* scales, float* gradient, float* inputGradient, float limit, float missing) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var z = Standardize<TV>(x + index, means + index, scales + index);
            var ofNumber = TV.Load(gradient + index) * TV.Load(scales + index) / SmoothClipping.DerivativeDivisor(z, limit);
            TV.Select(TV.Equal(z, z), ofNumber, TV.Broadcast(missing)).Store(inputGradient + index);
        }
    }
}
