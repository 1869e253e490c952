using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>y(o, c) = mean over taps t of x(o stride + t, c); dx(i, c) = sum of dy(o, c) / n(o) over the windows o that cover i, each of n(o) positions.</summary>
internal sealed unsafe class AveragePoolingPasses(WindowGeometry geometry) : LayerPasses
{
    // The cost of an input in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 16;

    private readonly int _inputs = geometry.InputPositions * geometry.Channels;
    private readonly int _outputs = geometry.OutputPositions * geometry.Channels;
    private readonly AveragePooling _pooling = new(PoolingWindow.Numbers(geometry.Rows), PoolingWindow.Numbers(geometry.Columns), geometry.Channels);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(in ForwardPass pass)
    {
        Lengths.Check(pass.Input.Columns, _inputs);
        Lengths.Check(pass.Output.Length, (long)pass.Rows * _outputs);
        fixed (float* outputs = pass.Output)
        {
            Shares(pass.Rows, pass.Team).Run(new ForwardRows(_pooling, pass.Input, outputs, _outputs, pass.Saturates), pass.Team);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(in BackwardPass pass)
    {
        if (pass.InputGradient.IsEmpty)
            return;
        Lengths.Check(pass.OutputGradient.Length, (long)pass.Rows * _outputs);
        Lengths.Check(pass.InputGradient.Length, (long)pass.Rows * _inputs);
        fixed (float* outputGradient = pass.OutputGradient, inputGradient = pass.InputGradient)
        {
            Shares(pass.Rows, pass.Team).Run(new BackwardRows(_pooling, outputGradient, inputGradient, _inputs, _outputs), pass.Team);
        }
    }

    private RangeShares Shares(int rows, ThreadTeam? team) => RangeShares.For(team, (long)rows * _inputs * MultiplyAddsPerElement, rows);

    private readonly struct ForwardRows(AveragePooling pooling, MatrixRows inputs, float* outputs, nint size, bool saturates) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row++)
                pooling.Forward(inputs.Start(row), outputs + row * size, saturates);
        }
    }

    private readonly struct BackwardRows(AveragePooling pooling, float* outputGradient, float* inputGradient, nint inputs, nint outputs) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            for (; row < end; row++)
                pooling.Backward(outputGradient + row * outputs, inputGradient + row * inputs);
        }
    }
}
