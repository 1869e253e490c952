using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Long short-term memory with gates i, f, g, o: c = f * c' + i * g, h = o * tanh(c), where c' and h' are those of the step before, i, f and o the sigmoids of their sums and g the hyperbolic tangent of its
/// sum. Kept in place of the sums are the gates, and besides c and tanh(c).
/// </summary>
internal sealed unsafe class LstmCell : RecurrentCell
{
    public override int Gates => 4;

    public override int Kept => 2;

    public override string OnnxOperator => "LSTM";

    /// <summary>ONNX has them in the order i, o, f, g.</summary>
    public override int[] OnnxGates => [0, 3, 1, 2];

    /// <summary>1 for the forget gate, so that the cell keeps what it has at first. Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent network architectures" (2015).</summary>
    public override void InitializeBias(Span<float> bias) => bias.Slice(bias.Length / 4, bias.Length / 4).Fill(1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(in RecurrentStep step)
    {
        var units = step.Units;
        for (var row = 0; row < step.Rows; row++)
        {
            var previous = step.PreviousKept == null ? null : step.PreviousKept + 2 * row * units;
            Elementwise.Run(new Forwards(step.Sums + 4 * row * units, previous, step.Kept + 2 * row * units, step.State + row * units, units), units);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(in RecurrentStep step)
    {
        var units = step.Units;
        for (var row = 0; row < step.Rows; row++)
        {
            var previous = step.PreviousKept == null ? null : step.PreviousKept + 2 * row * units;
            Elementwise.Run(
                new Backwards(
                    step.Sums + 4 * row * units, previous, step.Kept + 2 * row * units,
                    step.StateGradient + row * units, step.CarriedGradient + row * units, step.SumGradient + 4 * row * units, units),
                units);
        }
    }

    private readonly struct Forwards(float* gates, float* previousCell, float* cell, float* state, int units) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int unit) where TV : struct, ISimd<TV>
        {
            var z = gates + unit;
            var i = ElementaryFunctions.Sigmoid(TV.Load(z));
            var f = ElementaryFunctions.Sigmoid(TV.Load(z + units));
            var g = ElementaryFunctions.Tanh(TV.Load(z + 2 * units));
            var o = ElementaryFunctions.Sigmoid(TV.Load(z + 3 * units));
            var c = i * g;
            if (previousCell != null)
                c = TV.FusedMultiplyAdd(f, TV.Load(previousCell + unit), c);
            var squashed = ElementaryFunctions.Tanh(c);
            i.Store(z);
            f.Store(z + units);
            g.Store(z + 2 * units);
            o.Store(z + 3 * units);
            c.Store(cell + unit);
            squashed.Store(cell + units + unit);
            (o * squashed).Store(state + unit);
        }
    }

    /// <summary>dc += dh o (1 - tanh²(c)); di = dc g, df = dc c', dg = dc i, do = dh tanh(c), each times the derivative of its function; dc' = dc f.</summary>
    private readonly struct Backwards(float* gates, float* previousCell, float* cell, float* stateGradient, float* cellGradient, float* sumGradient, int units) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int unit) where TV : struct, ISimd<TV>
        {
            var one = TV.Broadcast(1f);
            var z = gates + unit;
            var (i, f, g, o) = (TV.Load(z), TV.Load(z + units), TV.Load(z + 2 * units), TV.Load(z + 3 * units));
            var squashed = TV.Load(cell + units + unit);
            var dh = TV.Load(stateGradient + unit);
            var dc = TV.FusedMultiplyAdd(dh * o, one - squashed * squashed, TV.Load(cellGradient + unit));
            var before = previousCell == null ? TV.Broadcast(0f) : TV.Load(previousCell + unit);
            var dz = sumGradient + unit;
            (dc * g * (i * (one - i))).Store(dz);
            (dc * before * (f * (one - f))).Store(dz + units);
            (dc * i * (one - g * g)).Store(dz + 2 * units);
            (dh * squashed * (o * (one - o))).Store(dz + 3 * units);
            (dc * f).Store(cellGradient + unit);
            TV.Broadcast(0f).Store(stateGradient + unit);
        }
    }
}
