using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>y(o, c) = max over taps t of x(o stride + t, c); dx(i, c) = sum of dy(o, c) over the windows o that i won.</summary>
internal sealed unsafe class MaxPoolingPasses(WindowGeometry geometry) : LayerPasses
{
    // The cost of an input in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 16;

    private readonly int _inputs = geometry.InputPositions * geometry.Channels;
    private readonly int _outputs = geometry.OutputPositions * geometry.Channels;
    private readonly MaxPooling _pooling = new(PoolingWindow.Numbers(geometry.Rows), PoolingWindow.Numbers(geometry.Columns), geometry.Channels);

    /// <exception cref="ArgumentException">The window has more taps than can be told apart.</exception>
    public static WindowGeometry Checked(WindowGeometry geometry) =>
        geometry.Taps <= MaxPooling.MaxTaps ? geometry
        : throw new ArgumentException(FormattableString.Invariant($"A window has at most {MaxPooling.MaxTaps:N0} positions; this one has {geometry.Taps:N0}."));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(in ForwardPass pass)
    {
        Lengths.Check(pass.Input.Columns, _inputs);
        Lengths.Check(pass.Output.Length, (long)pass.Rows * _outputs);
        Lengths.Check(pass.Cache.Length, pass.Cache.IsEmpty ? 0 : pass.Output.Length);
        fixed (float* outputs = pass.Output, winners = pass.Cache)
        {
            Shares(pass.Rows, pass.Team).Run(new ForwardRows(_pooling, pass.Input, outputs, winners, _outputs), pass.Team);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(in BackwardPass pass)
    {
        if (pass.InputGradient.IsEmpty)
            return;
        Lengths.Check(pass.OutputGradient.Length, (long)pass.Rows * _outputs);
        Lengths.Check(pass.Cache.Length, pass.OutputGradient.Length);
        Lengths.Check(pass.InputGradient.Length, (long)pass.Rows * _inputs);
        fixed (float* winners = pass.Cache, outputGradient = pass.OutputGradient, inputGradient = pass.InputGradient)
        {
            Shares(pass.Rows, pass.Team).Run(new BackwardRows(_pooling, winners, outputGradient, inputGradient, _inputs, _outputs), pass.Team);
        }
    }

    private RangeShares Shares(int rows, ThreadTeam? team) => RangeShares.For(team, (long)rows * _inputs * MultiplyAddsPerElement, rows);

    private readonly struct ForwardRows(MaxPooling pooling, MatrixRows inputs, float* outputs, float* winners, nint size) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row++)
                pooling.Forward(inputs.Start(row), outputs + row * size, winners == null ? null : winners + row * size);
        }
    }

    private readonly struct BackwardRows(MaxPooling pooling, float* winners, float* outputGradient, float* inputGradient, nint inputs, nint outputs) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row++)
                pooling.Backward(winners + row * outputs, outputGradient + row * outputs, inputGradient + row * inputs);
        }
    }
}
