using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Adam with decoupled weight decay: parameter *= 1 - rate * decay, then a step of <see cref="Adam"/> without decay. The decay is
/// <see cref="TrainingOptions.WeightDecay"/>.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2, in PyTorch's form: the rate multiplies the decay, where in the
/// paper only the schedule's factor does.
/// </remarks>
public sealed class AdamW : Optimizer
{
    private readonly AdamRule _rule;

    /// <summary>AdamW with the constants of Adam's paper by default.</summary>
    /// <param name="beta1">How much of the mean gradient stays from step to step, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">How much of the mean squared gradient stays, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">Keeps the division finite, above 0; 1e-8 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public AdamW(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f) => _rule = new AdamRule(beta1, beta2, epsilon, decouplesDecay: true);

    /// <summary>How much of the mean gradient stays from step to step.</summary>
    public float Beta1 => _rule.Beta1;

    /// <summary>How much of the mean squared gradient stays from step to step.</summary>
    public float Beta2 => _rule.Beta2;

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon => _rule.Epsilon;

    /// <summary>0.001, as Adam's.</summary>
    public override float DefaultLearningRate => AdamRule.DefaultLearningRate;

    /// <summary>0.01, as in PyTorch; Keras has 0.004.</summary>
    public override float DefaultWeightDecay => AdamRule.DecoupledWeightDecay;

    /// <summary>"AdamW".</summary>
    public override string ToString() => "AdamW";

    internal override int StateCount => AdamRule.StateCount;

    internal override void Step(in OptimizerStep step) => _rule.Step(in step);
}
