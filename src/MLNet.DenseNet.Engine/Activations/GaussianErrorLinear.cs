using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class GaussianErrorLinear() : ElementwiseActivation<GaussianErrorLinear.Function, GaussianErrorLinear.Gradient>("GELU", default, default)
{
    // Below it, function and derivative are 0 in float32, but the formulas would give infinity times 0.
    private const float Vanishing = -15f;

    internal override bool DerivativeNeedsSums => true;

    internal override float InitialWeightLimit(int inputs, int units) => WeightInitialization.HeLimit(inputs);

    /// <summary>z Φ(z) with Φ(z) = (1 + erf(z / sqrt(2))) / 2.</summary>
    internal override OnnxRows ToOnnx(OnnxRows sums)
    {
        var graph = sums.Graph;
        return sums.Map(z =>
        {
            var error = graph.Node("Erf", [graph.Node("Mul", [z, graph.Number(MathF.Sqrt(0.5f))])]);
            // Half of it first: twice a large one would be beyond float32.
            return graph.Node("Mul", [graph.Node("Mul", [z, graph.Number(0.5f)]), graph.Node("Add", [error, graph.Number(1)])]);
        });
    }

    internal readonly struct Function : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z) where TV : struct, ISimd<TV> =>
            TV.Select(TV.LessThan(z, TV.Broadcast(Vanishing)), TV.Broadcast(0f), z * ElementaryFunctions.NormalDistribution(z));
    }

    /// <summary>f' = Φ(z) + z φ(z).</summary>
    internal readonly struct Gradient : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV z, TV gradient) where TV : struct, ISimd<TV> =>
            gradient * TV.Select(
                TV.LessThan(z, TV.Broadcast(Vanishing)), TV.Broadcast(0f),
                TV.FusedMultiplyAdd(z, ElementaryFunctions.NormalDensity(z), ElementaryFunctions.NormalDistribution(z)));
    }
}
