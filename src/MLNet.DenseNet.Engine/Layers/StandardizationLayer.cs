using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Brings every input to about mean 0 and variance 1: y = (x - mean) * scale, clipped to [-<see cref="Limit"/>, <see cref="Limit"/>]. Parameters, which are
/// statistics of the training rows (<see cref="NetworkTrainer.Standardize(Dataset)"/>) and not trained: "mean" and "scale" (inputs each), at first 0 and 1.
/// </summary>
/// <remarks>
/// LeCun et al., "Efficient BackProp" (1998), section 4.3, on why gradient descent needs it. Clipping keeps a rare extreme value, or one in a column that was
/// constant while training, from deciding an output alone.
/// </remarks>
public sealed class StandardizationLayer : Layer
{
    // An element costs about as much as so many multiply-adds of a product.
    private const long MultiplyAddsPerElement = 8;

    private const int Mean = 0;
    private const int Scale = 1;

    /// <summary>A layer that clips at <paramref name="limit"/> standard deviations.</summary>
    /// <param name="limit">The largest magnitude of an output, above 0; infinity for none.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is not above 0.</exception>
    public StandardizationLayer(float limit = 10)
    {
        if (limit is not > 0)
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit of a standardization must be above 0.");
        Limit = limit;
    }

    /// <summary>The largest magnitude of an output.</summary>
    public float Limit { get; }

    /// <summary>Such as "Standardization, clipped at 10".</summary>
    public override string ToString() => FormattableString.Invariant($"Standardization, clipped at {Limit}");

    internal static Layer Read(BinaryReader reader) => new StandardizationLayer(reader.ReadSingle());

    internal override void Write(BinaryWriter writer) => writer.Write(Limit);

    internal override Shape OutputShape(Shape input) => input;

    internal override IReadOnlyList<ParameterSpecification> Parameters(Shape input) =>
        [new("mean", input.Size, IsDecayed: false, IsTrained: false), new("scale", input.Size, IsDecayed: false, IsTrained: false)];

    internal override void Initialize(NetworkLayer layer, RandomBits random) => layer.Parameter(Scale).Elements.Fill(1);

    /// <summary>Takes over statistics.</summary>
    /// <param name="layer">A standardization in its network.</param>
    /// <param name="means">(inputs).</param>
    /// <param name="scales">(inputs).</param>
    internal static void Set(NetworkLayer layer, float[] means, float[] scales)
    {
        layer.Parameter(Mean).Set(means);
        layer.Parameter(Scale).Set(scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Forward(in ForwardPass pass)
    {
        fixed (float* means = pass.Layer.Parameter(Mean).Elements, scales = pass.Layer.Parameter(Scale).Elements, outputs = pass.Output)
        {
            var work = new Rows(pass.Input, means, scales, outputs, Limit);
            var parts = MatrixProduct.Parts(pass.Crew, pass.Output.Length * MultiplyAddsPerElement);
            if (parts == 1)
                work.Do(0, 1);
            else
                pass.Crew!.Run(ref work, parts);
        }
    }

    /// <summary>The gradient of what was clipped is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Backward(in BackwardPass pass)
    {
        if (pass.InputGradient.IsEmpty)
            return;
        var units = pass.Layer.InputShape.Size;
        fixed (float* scales = pass.Layer.Parameter(Scale).Elements, outputs = pass.Output, gradient = pass.OutputGradient, inputGradient = pass.InputGradient)
        {
            for (var row = 0; row < pass.Rows; row++)
                Elementwise.Run(new Unscaling(outputs + row * units, gradient + row * units, inputGradient + row * units, scales, Limit), units);
        }
    }

    private readonly unsafe struct Rows(MatrixRows inputs, float* means, float* scales, float* outputs, float limit) : ICrewWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var end = Crew.Cut(inputs.Rows, 1, part + 1, parts);
            for (var row = Crew.Cut(inputs.Rows, 1, part, parts); row < end; row++)
                Elementwise.Run(new Scaling(inputs.Start(row), means, scales, outputs + (nint)row * inputs.Columns, limit), inputs.Columns);
        }
    }

    private readonly unsafe struct Scaling(float* x, float* means, float* scales, float* y, float limit) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var value = (TV.Load(x + index) - TV.Load(means + index)) * TV.Load(scales + index);
            var (highest, lowest) = (TV.Broadcast(limit), TV.Broadcast(-limit));
            // What is not a number stays so, since it compares with nothing.
            value = TV.Select(TV.LessThan(highest, value), highest, value);
            TV.Select(TV.LessThan(value, lowest), lowest, value).Store(y + index);
        }
    }

    private readonly unsafe struct Unscaling(float* y, float* gradient, float* inputGradient, float* scales, float limit) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.Select(TV.LessThan(TV.Abs(TV.Load(y + index)), TV.Broadcast(limit)), TV.Load(gradient + index) * TV.Load(scales + index), TV.Broadcast(0))
                .Store(inputGradient + index);
    }
}
