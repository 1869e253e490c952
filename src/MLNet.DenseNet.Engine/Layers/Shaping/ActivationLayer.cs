using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>An activation by itself, y = activation(x), such as one that follows a normalization. Softmax is over the last dimension: the channels of each position, or the units of a plain row.</summary>
public sealed class ActivationLayer : Layer
{
    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 16;

    // So many values stay in the nearest cache between being copied and being changed in place.
    private const int ValuesAtOnce = 4096;

    /// <summary>A layer of one activation.</summary>
    /// <param name="activation">What every value goes through.</param>
    /// <exception cref="ArgumentNullException"><paramref name="activation"/> is null.</exception>
    public ActivationLayer(Activation activation)
    {
        ArgumentNullException.ThrowIfNull(activation);
        Activation = activation;
    }

    /// <summary>What every value goes through.</summary>
    public Activation Activation { get; }

    /// <summary>Such as "Activation ReLU".</summary>
    public override string ToString() => $"Activation {Activation}";

    internal override Activation? OutputActivation => Activation;

    internal static Layer Read(BinaryReader reader) => new ActivationLayer(ActivationKinds.Read(reader));

    /// <summary>Byte activation (ActivationKinds), float32 slope where it is leaky ReLU.</summary>
    internal override void Write(BinaryWriter writer) => ActivationKinds.Write(Activation, writer);

    internal override Layer WithoutActivation() => new ActivationLayer(Activation.Identity);

    internal override Shape OutputShape(Shape input) => input;

    internal override OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer) => Activation.ToOnnx(input);

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(Activation, layer.InputShape);

    private sealed unsafe class Passes(Activation activation, Shape shape) : LayerPasses
    {
        private readonly int _size = shape.Size;
        private readonly int _channels = shape.Dimensions[^1];

        /// <summary>y = f(x).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _size);
            fixed (float* y = pass.Output)
                Run(pass.Input, y, null, null, pass.Team);
        }

        /// <summary>dx = dy f'(x), where f' is computed from x or from y, whichever the activation asks for.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            if (pass.InputGradient.IsEmpty)
                return;
            Lengths.Check(pass.Output.Length, (long)pass.Rows * _size);
            Lengths.Check(pass.OutputGradient.Length, pass.Output.Length);
            Lengths.Check(pass.InputGradient.Length, pass.Output.Length);
            fixed (float* y = pass.Output, dy = pass.OutputGradient, dx = pass.InputGradient)
                Run(pass.Input, y, dy, dx, pass.Team);
        }

        private void Run(MatrixRows x, float* y, float* dy, float* dx, ThreadTeam? team)
        {
            var shares = RangeShares.For(team, (long)x.Rows * _size * MultiplyAddsPerElement, x.Rows);
            shares.Run(new Rows(activation, x, y, dy, dx, _channels), team);
        }
    }

    /// <summary>The rows of a thread: forwards, or backwards where there is a gradient.</summary>
    private readonly unsafe struct Rows(Activation activation, MatrixRows x, float* y, float* dy, float* dx, int channels) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            var atOnce = x.IsContiguous ? Math.Max(1, ValuesAtOnce / x.Columns) : 1;
            for (; row < end; row += atOnce)
            {
                var length = Math.Min(atOnce, end - row) * x.Columns;
                var (offset, positions) = ((nint)row * x.Columns, MatrixPart.Whole(length / channels, channels));
                if (dx == null)
                {
                    activation.Forward(x.Start(row), y + offset, channels, positions);
                    continue;
                }

                new ReadOnlySpan<float>(dy + offset, length).CopyTo(new Span<float>(dx + offset, length));
                activation.Backward(activation.DerivativeNeedsSums ? x.Start(row) : y + offset, dx + offset, channels, positions);
            }
        }
    }
}
