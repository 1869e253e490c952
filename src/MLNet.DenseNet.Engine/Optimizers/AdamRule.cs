using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The step of <see cref="Adam"/> and of <see cref="AdamW"/>, which differ only in what weight decay acts on.</summary>
internal sealed class AdamRule
{
    /// <summary>The first moment m and the second moment v.</summary>
    public const int StateCount = 2;

    /// <summary>As in the paper.</summary>
    public const float DefaultLearningRate = 0.001f;

    /// <summary>The default where decay is decoupled, as in PyTorch.</summary>
    public const float DecoupledWeightDecay = 0.01f;

    private readonly bool _decouplesDecay;

    /// <param name="beta1">How much of the mean gradient stays from step to step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean squared gradient stays, in [0, 1).</param>
    /// <param name="epsilon">Keeps the division finite, above 0.</param>
    /// <param name="decouplesDecay">Whether weight decay shrinks the parameters themselves; otherwise it is part of the gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public AdamRule(float beta1, float beta2, float epsilon, bool decouplesDecay)
    {
        Beta1 = Optimizer.Check(beta1, 0, 1, nameof(beta1));
        Beta2 = Optimizer.Check(beta2, 0, 1, nameof(beta2));
        Epsilon = Optimizer.Check(epsilon, float.Epsilon, float.PositiveInfinity, nameof(epsilon));
        _decouplesDecay = decouplesDecay;
    }

    public float Beta1 { get; }

    public float Beta2 { get; }

    public float Epsilon { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Step(in OptimizerStep step)
    {
        var l2 = _decouplesDecay ? 0 : step.WeightDecay;
        var decayFactor = _decouplesDecay ? (float)(1 - (double)step.LearningRate * step.WeightDecay) : 1;

        // The moments begin at 0, which these corrections make up for.
        var stepSize = (float)(step.LearningRate / (1 - WholePower.Of(Beta1, step.Number)));
        var secondCorrection = (float)(1 / Math.Sqrt(1 - WholePower.Of(Beta2, step.Number)));
        fixed (float* parameters = step.Parameters, firstMoments = step.State, secondMoments = step.SecondState)
            step.Run(new Kernel(this, stepSize, secondCorrection, l2, decayFactor, parameters, firstMoments, secondMoments));
    }

    private readonly unsafe struct Kernel(
        AdamRule rule, float stepSize, float secondCorrection, float l2, float decayFactor, float* parameters, float* firstMoments, float* secondMoments) : IValueKernel
    {
        private readonly float _beta1 = rule.Beta1;
        private readonly float _beta2 = rule.Beta2;
        private readonly float _epsilon = rule.Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var parameter = TV.Load(parameters + index);
            var g = TV.FusedMultiplyAdd(TV.Broadcast(l2), parameter, gradient);
            var m = TV.FusedMultiplyAdd(TV.Broadcast(_beta1), TV.Load(firstMoments + index), TV.Broadcast(1 - _beta1) * g);
            var v = TV.FusedMultiplyAdd(TV.Broadcast(_beta2), TV.Load(secondMoments + index), TV.Broadcast(1 - _beta2) * g * g);
            m.Store(firstMoments + index);
            v.Store(secondMoments + index);
            var denominator = TV.FusedMultiplyAdd(TV.Sqrt(v), TV.Broadcast(secondCorrection), TV.Broadcast(_epsilon));
            TV.FusedMultiplyAdd(TV.Broadcast(-stepSize), m / denominator, TV.Broadcast(decayFactor) * parameter).Store(parameters + index);
        }
    }
}
