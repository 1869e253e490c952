using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Gradient descent: parameter -= rate * gradient. With momentum, velocity = momentum * velocity + gradient and
/// parameter -= rate * velocity; with Nesterov's, parameter -= rate * (gradient + momentum * velocity).
/// </summary>
/// <remarks>
/// Sutskever, Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning" (2013), in PyTorch's form: the rate multiplies
/// the velocity instead of being part of it, which differs only when the rate changes.
/// </remarks>
public sealed class StochasticGradientDescent : Optimizer
{
    /// <summary>Plain or with momentum.</summary>
    /// <param name="momentum">The share of the velocity that stays from step to step, in [0, 1); 0, plain gradient descent, by default.</param>
    /// <param name="nesterov">Whether to look ahead along the velocity; needs a momentum above 0. No by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="momentum"/> is outside [0, 1).</exception>
    /// <exception cref="ArgumentException"><paramref name="nesterov"/> without momentum.</exception>
    public StochasticGradientDescent(float momentum = 0, bool nesterov = false)
    {
        Momentum = Check(momentum, 0, 1, nameof(momentum));
        if (nesterov && momentum == 0)
            throw new ArgumentException("Nesterov's momentum needs a momentum above 0.", nameof(nesterov));
        Nesterov = nesterov;
    }

    /// <summary>The share of the velocity that stays from step to step.</summary>
    public float Momentum { get; }

    /// <summary>Whether the step looks ahead along the velocity.</summary>
    public bool Nesterov { get; }

    /// <summary>0.01.</summary>
    public override float DefaultLearningRate => 0.01f;

    /// <summary>Such as "SGD, momentum 0.9".</summary>
    public override string ToString() =>
        Momentum == 0 ? "SGD" : FormattableString.Invariant($"SGD, {(Nesterov ? "Nesterov " : "")}momentum {Momentum}");

    internal override int StateCount => Momentum == 0 ? 0 : 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal override unsafe void Step(in OptimizerStep step)
    {
        fixed (float* parameters = step.Parameters, velocities = step.State)
        {
            if (Momentum == 0)
                step.Run(new Plain(step.LearningRate, step.WeightDecay, parameters));
            else
                step.Run(new WithMomentum(Momentum, Nesterov, step.LearningRate, step.WeightDecay, parameters, velocities));
        }
    }

    private readonly unsafe struct Plain(float rate, float l2, float* parameters) : IValueKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var parameter = TV.Load(parameters + index);
            var g = TV.FusedMultiplyAdd(TV.Broadcast(l2), parameter, gradient);
            TV.FusedMultiplyAdd(TV.Broadcast(-rate), g, parameter).Store(parameters + index);
        }
    }

    private readonly unsafe struct WithMomentum(
        float momentum, bool nesterov, float rate, float l2, float* parameters, float* velocities) : IValueKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(TV gradient, int index) where TV : struct, ISimd<TV>
        {
            var parameter = TV.Load(parameters + index);
            var g = TV.FusedMultiplyAdd(TV.Broadcast(l2), parameter, gradient);
            var v = TV.FusedMultiplyAdd(TV.Broadcast(momentum), TV.Load(velocities + index), g);
            v.Store(velocities + index);
            var direction = nesterov ? TV.FusedMultiplyAdd(TV.Broadcast(momentum), v, g) : v;
            TV.FusedMultiplyAdd(TV.Broadcast(-rate), direction, parameter).Store(parameters + index);
        }
    }
}
