using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// AdaGrad: s = s + g², from s = 0, and parameter -= rate * g / (sqrt(s) + epsilon). A weight decay is part of the gradient g.
/// </summary>
/// <remarks>
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (2011), its diagonal form, as in PyTorch.
/// Sources disagree on the start: Keras has s = 0.1 and an epsilon of 1e-7 inside the root.
/// </remarks>
public sealed class AdaGrad : Optimizer
{
    /// <summary>AdaGrad with PyTorch's constant by default.</summary>
    /// <param name="epsilon">Keeps the division finite, above 0; 1e-10 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="epsilon"/> is outside its range.</exception>
    public AdaGrad(float epsilon = 1e-10f) => Epsilon = Check(epsilon, float.Epsilon, float.PositiveInfinity, nameof(epsilon));

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <summary>0.01, as in PyTorch.</summary>
    public override float DefaultLearningRate => 0.01f;

    /// <summary>"AdaGrad".</summary>
    public override string ToString() => "AdaGrad";

    internal override int StateCount => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Step(in OptimizerStep step)
    {
        fixed (float* parameters = step.Parameters, sums = step.State)
            step.Run(new Kernel(step.LearningRate, Epsilon, step.WeightDecay, parameters, sums));
    }

    private readonly unsafe struct Kernel(float rate, float epsilon, float l2, float* parameters, float* sums) : IValueKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var parameter = TV.Load(parameters + index);
            var g = TV.FusedMultiplyAdd(TV.Broadcast(l2), parameter, gradient);
            var s = TV.FusedMultiplyAdd(g, g, TV.Load(sums + index));
            s.Store(sums + index);
            TV.FusedMultiplyAdd(TV.Broadcast(-rate), g / (TV.Sqrt(s) + TV.Broadcast(epsilon)), parameter).Store(parameters + index);
        }
    }
}
