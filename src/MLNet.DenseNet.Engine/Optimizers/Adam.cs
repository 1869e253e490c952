using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Adam: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g², and
/// parameter -= rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon). A weight decay is part of the gradient g.
/// </summary>
/// <remarks>Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1; epsilon stands outside the root, as in PyTorch and there.</remarks>
public sealed class Adam : Optimizer
{
    private readonly AdamRule _rule;

    /// <summary>Adam with the constants of its paper by default.</summary>
    /// <param name="beta1">How much of the mean gradient stays from step to step, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">How much of the mean squared gradient stays, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">Keeps the division finite, above 0; 1e-8 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public Adam(float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f) => _rule = new AdamRule(beta1, beta2, epsilon, decouplesDecay: false);

    /// <summary>How much of the mean gradient stays from step to step.</summary>
    public float Beta1 => _rule.Beta1;

    /// <summary>How much of the mean squared gradient stays from step to step.</summary>
    public float Beta2 => _rule.Beta2;

    /// <summary>Keeps the division finite.</summary>
    public float Epsilon => _rule.Epsilon;

    /// <summary>0.001, as in the paper.</summary>
    public override float DefaultLearningRate => AdamRule.DefaultLearningRate;

    /// <summary>"Adam".</summary>
    public override string ToString() => "Adam";

    internal override int StateCount => AdamRule.StateCount;

    internal override void Step(in OptimizerStep step) => _rule.Step(in step);
}
