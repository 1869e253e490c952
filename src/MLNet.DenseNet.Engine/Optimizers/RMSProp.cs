using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// RMSProp: v = decay v + (1 - decay) g² and parameter -= rate * g / (sqrt(v) + epsilon). With momentum, velocity = momentum * velocity +
/// g / (sqrt(v) + epsilon) and parameter -= rate * velocity. A weight decay is part of the gradient g.
/// </summary>
/// <remarks>
/// Tieleman and Hinton, "Lecture 6.5 - RMSProp" (2012), in PyTorch's form. Sources disagree on the constants: the lecture and Keras keep 0.9 of the mean
/// squared gradient, PyTorch 0.99, which is the default here; Keras adds its epsilon, 1e-7, inside the root.
/// </remarks>
public sealed class RMSProp : Optimizer
{
    /// <summary>RMSProp with PyTorch's constants by default.</summary>
    /// <param name="decay">How much of the mean squared gradient stays from step to step, in [0, 1); 0.99 by default, as in PyTorch.</param>
    /// <param name="momentum">The share of the velocity that stays, in [0, 1); 0, none, by default.</param>
    /// <param name="epsilon">Keeps the division finite, above 0; 1e-8 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public RMSProp(float decay = 0.99f, float momentum = 0, float epsilon = 1e-8f)
    {
        Decay = Check(decay, 0, 1, nameof(decay));
        Momentum = Check(momentum, 0, 1, nameof(momentum));
        Epsilon = Check(epsilon, float.Epsilon, float.PositiveInfinity, nameof(epsilon));
    }

    /// <summary>How much of the mean squared gradient stays from step to step.</summary>
    public float Decay { get; }

    /// <summary>The share of the velocity that stays from step to step.</summary>
    public float Momentum { get; }

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon { get; }

    /// <summary>0.001, as in the lecture and Keras; PyTorch's is 0.01.</summary>
    public override float DefaultLearningRate => 0.001f;

    /// <summary>Such as "RMSProp, decay 0.99, momentum 0.9".</summary>
    public override string ToString() =>
        FormattableString.Invariant($"RMSProp, decay {Decay}") + (Momentum == 0 ? "" : FormattableString.Invariant($", momentum {Momentum}"));

    internal override int StateCount => Momentum == 0 ? 1 : 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Step(in OptimizerStep step)
    {
        fixed (float* parameters = step.Parameters, meanSquares = step.State, velocities = step.SecondState)
        {
            var normalization = new Normalization(Decay, Epsilon, step.WeightDecay, parameters, meanSquares);
            if (Momentum == 0)
                step.Run(new Plain(normalization, step.LearningRate, parameters));
            else
                step.Run(new WithMomentum(normalization, Momentum, step.LearningRate, parameters, velocities));
        }
    }

    /// <summary>The gradient divided by its root mean square.</summary>
    private readonly unsafe struct Normalization(float decay, float epsilon, float l2, float* parameters, float* meanSquares)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Normalize<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var g = TV.FusedMultiplyAdd(TV.Broadcast(l2), TV.Load(parameters + index), gradient);
            var v = TV.FusedMultiplyAdd(TV.Broadcast(decay), TV.Load(meanSquares + index), TV.Broadcast(1 - decay) * g * g);
            v.Store(meanSquares + index);
            return g / (TV.Sqrt(v) + TV.Broadcast(epsilon));
        }
    }

    private readonly unsafe struct Plain(Normalization normalization, float rate, float* parameters) : IValueKernel
    {
        private readonly Normalization _normalization = normalization;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var direction = _normalization.Normalize(gradient, index);
            TV.FusedMultiplyAdd(TV.Broadcast(-rate), direction, TV.Load(parameters + index)).Store(parameters + index);
        }
    }

    private readonly unsafe struct WithMomentum(Normalization normalization, float momentum, float rate, float* parameters, float* velocities) : IValueKernel
    {
        private readonly Normalization _normalization = normalization;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var v = TV.FusedMultiplyAdd(TV.Broadcast(momentum), TV.Load(velocities + index), _normalization.Normalize(gradient, index));
            v.Store(velocities + index);
            TV.FusedMultiplyAdd(TV.Broadcast(-rate), v, TV.Load(parameters + index)).Store(parameters + index);
        }
    }
}
