using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Adam: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g², and
/// parameter -= rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon). A weight decay is part of the gradient g.
/// </summary>
/// <remarks>Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1; epsilon stands outside the root, as in PyTorch and there.</remarks>
public sealed class Adam : Optimizer
{
    /// <summary>Adam with the constants of its paper by default.</summary>
    /// <param name="beta1">How much of the mean gradient stays from step to step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean squared gradient stays, in [0, 1).</param>
    /// <param name="epsilon">Keeps the division finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public Adam(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
    {
        Beta1 = Check(beta1, 0, 1, nameof(beta1));
        Beta2 = Check(beta2, 0, 1, nameof(beta2));
        Epsilon = Check(epsilon, float.Epsilon, float.PositiveInfinity, nameof(epsilon));
    }

    /// <summary>How much of the mean gradient stays from step to step.</summary>
    public float Beta1 { get; }

    /// <summary>How much of the mean squared gradient stays from step to step.</summary>
    public float Beta2 { get; }

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <summary>0.001, as in the paper.</summary>
    public override float DefaultLearningRate => 0.001f;

    /// <summary>"Adam".</summary>
    public override string ToString() => "Adam";

    internal override int StateCount => 2;

    internal override void Step(in OptimizerStep step) => Step(in step, gradientDecay: step.WeightDecay, kept: 1);

    /// <param name="step">The step.</param>
    /// <param name="gradientDecay">The weight decay that is part of the gradient.</param>
    /// <param name="kept">The share of each parameter that a weight decay apart from the gradient leaves.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal unsafe void Step(in OptimizerStep step, float gradientDecay, float kept)
    {
        var rate = (float)(step.LearningRate / (1 - WholePower.Of(Beta1, step.Number)));
        var secondScale = (float)(1 / Math.Sqrt(1 - WholePower.Of(Beta2, step.Number)));
        fixed (float* parameters = step.Parameters, first = step.State, second = step.SecondState)
            step.Run(new Kernel(this, rate, secondScale, gradientDecay, kept, parameters, first, second));
    }

    private readonly unsafe struct Kernel(
        Adam adam, float rate, float secondScale, float decay, float kept, float* parameters, float* first, float* second) : IValueKernel
    {
        private readonly float _beta1 = adam.Beta1;
        private readonly float _beta2 = adam.Beta2;
        private readonly float _epsilon = adam.Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var parameter = TV.Load(parameters + index);
            var g = TV.FusedMultiplyAdd(TV.Broadcast(decay), parameter, gradient);
            var m = TV.FusedMultiplyAdd(TV.Broadcast(_beta1), TV.Load(first + index), TV.Broadcast(1 - _beta1) * g);
            var v = TV.FusedMultiplyAdd(TV.Broadcast(_beta2), TV.Load(second + index), TV.Broadcast(1 - _beta2) * g * g);
            m.Store(first + index);
            v.Store(second + index);
            var scale = TV.FusedMultiplyAdd(TV.Sqrt(v), TV.Broadcast(secondScale), TV.Broadcast(_epsilon));
            TV.FusedMultiplyAdd(TV.Broadcast(-rate), m / scale, TV.Broadcast(kept) * parameter).Store(parameters + index);
        }
    }
}
