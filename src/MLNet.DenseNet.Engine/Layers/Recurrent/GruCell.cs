using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Gated recurrent unit with gates z, r and the candidate n, whose reset gate acts after the product: n = tanh(x W + b + r * q) with q = h' U + b', and h = z * h' + (1 - z) * n, where h' is the state of the step
/// before and z and r the sigmoids of their sums. Kept in place of the sums are z, r and n, and besides the q of the candidate.
/// </summary>
internal sealed unsafe class GruCell : RecurrentCell
{
    public override int Gates => 3;

    public override int Kept => 1;

    public override bool HasRecurrentSums => true;

    public override string OnnxOperator => "GRU";

    public override (string Name, object Value)[] OnnxAttributes(int directions) => [("linear_before_reset", 1L)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(in RecurrentStep step)
    {
        var units = step.Units;
        for (var row = 0; row < step.Rows; row++)
        {
            var previous = step.PreviousState == null ? null : step.PreviousState + row * units;
            Elementwise.Run(new Forwards(step.Sums + 3 * row * units, step.RecurrentSums + 3 * row * units, previous, step.Kept + row * units, step.State + row * units, units), units);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(in RecurrentStep step)
    {
        var units = step.Units;
        for (var row = 0; row < step.Rows; row++)
        {
            var previous = step.PreviousState == null ? null : step.PreviousState + row * units;
            Elementwise.Run(
                new Backwards(
                    step.Sums + 3 * row * units, previous, step.Kept + row * units,
                    step.StateGradient + row * units, step.SumGradient + 3 * row * units, step.RecurrentSumGradient + 3 * row * units, units),
                units);
        }
    }

    private readonly struct Forwards(float* gates, float* recurrentSums, float* previousState, float* kept, float* state, int units) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int unit) where TV : struct, ISimd<TV>
        {
            float* sums = gates + unit, recurrent = recurrentSums + unit;
            var z = ElementaryFunctions.Sigmoid(TV.Load(sums) + TV.Load(recurrent));
            var r = ElementaryFunctions.Sigmoid(TV.Load(sums + units) + TV.Load(recurrent + units));
            var q = TV.Load(recurrent + 2 * units);
            var n = ElementaryFunctions.Tanh(TV.FusedMultiplyAdd(r, q, TV.Load(sums + 2 * units)));
            var before = previousState == null ? TV.Broadcast(0f) : TV.Load(previousState + unit);
            z.Store(sums);
            r.Store(sums + units);
            n.Store(sums + 2 * units);
            q.Store(kept + unit);
            TV.FusedMultiplyAdd(z, before - n, n).Store(state + unit);
        }
    }

    /// <summary>dz = dh (h' - n), dn = dh (1 - z), dr = dn q, each times the derivative of its function, and dq = dn r; what goes on to h' directly is dh z.</summary>
    private readonly struct Backwards(float* gates, float* previousState, float* kept, float* stateGradient, float* sumGradient, float* recurrentSumGradient, int units) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int unit) where TV : struct, ISimd<TV>
        {
            var one = TV.Broadcast(1f);
            var values = gates + unit;
            var (z, r, n) = (TV.Load(values), TV.Load(values + units), TV.Load(values + 2 * units));
            var dh = TV.Load(stateGradient + unit);
            var before = previousState == null ? TV.Broadcast(0f) : TV.Load(previousState + unit);
            var dz = dh * (before - n) * (z * (one - z));
            var dn = dh * (one - z) * (one - n * n);
            var dr = dn * TV.Load(kept + unit) * (r * (one - r));
            float* sums = sumGradient + unit, recurrent = recurrentSumGradient + unit;
            dz.Store(sums);
            dr.Store(sums + units);
            dn.Store(sums + 2 * units);
            dz.Store(recurrent);
            dr.Store(recurrent + units);
            (dn * r).Store(recurrent + 2 * units);
            (dh * z).Store(stateGradient + unit);
        }
    }
}
