using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Adam with the weight decay apart from the gradient: parameter *= 1 - rate * decay, then a step of <see cref="Adam"/> without decay. The decay is
/// <see cref="TrainingOptions.WeightDecay"/>.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2, in PyTorch's form: the rate multiplies the decay, where in the
/// paper only the schedule's factor does.
/// </remarks>
public sealed class AdamW : Optimizer
{
    private readonly Adam _adam;

    /// <summary>AdamW with the constants of Adam's paper by default.</summary>
    /// <param name="beta1">How much of the mean gradient stays from step to step, in [0, 1).</param>
    /// <param name="beta2">How much of the mean squared gradient stays, in [0, 1).</param>
    /// <param name="epsilon">Keeps the division finite, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public AdamW(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f) => _adam = new Adam(beta1, beta2, epsilon);

    /// <summary>How much of the mean gradient stays from step to step.</summary>
    public float Beta1 => _adam.Beta1;

    /// <summary>How much of the mean squared gradient stays from step to step.</summary>
    public float Beta2 => _adam.Beta2;

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon => _adam.Epsilon;

    /// <summary>0.001, as Adam's.</summary>
    public override float DefaultLearningRate => _adam.DefaultLearningRate;

    /// <summary>0.01, as in PyTorch; Keras has 0.004.</summary>
    public override float DefaultWeightDecay => 0.01f;

    /// <summary>"AdamW".</summary>
    public override string ToString() => "AdamW";

    internal override int StateCount => _adam.StateCount;

    internal override void Step(in OptimizerStep step) =>
        _adam.Step(in step, gradientDecay: 0, kept: (float)(1 - (double)step.LearningRate * step.WeightDecay));
}
