using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// Muon: of the weights W of each dense layer and convolution (of one group) but the last one, momentum m = momentum m + (1 - momentum) g and u = momentum m + (1 - momentum) g (Nesterov's), whose directions then all get about the same length:
/// W -= rate * factor * 0.2 sqrt(max(inputs, units)) * O, where O has the singular vectors of u and singular values near 1. The inputs of a convolution are those of a window. All other parameters take the steps of <see cref="AdamW"/>, as do weights on sparse rows.
/// Weight decay is decoupled, as there: W *= 1 - rate * decay. With an interval of n these weights change in every nth step only, with n times the rate; their m takes in the gradients of all steps.
/// The first of these layers may be left to <see cref="AdamW"/>, too.
/// </summary>
/// <remarks>
/// Jordan and others, "Muon: an optimizer for hidden layers in neural networks" (2024), with its polynomial 3.4445 x - 4.7750 x³ + 2.0315 x⁵, repeated; the factor 0.2 sqrt(max(inputs, units)), with which steps are about as long
/// as those of AdamW, so that rate and decay fit both: Liu and others, "Muon is scalable for LLM training" (2025). In PyTorch, whoever trains chooses the matrices and has
/// another optimizer for the rest.
/// <para>A step costs some products of the weights with small matrices, however few rows a batch has: batches of 64 rows or more suit it.</para>
/// </remarks>
public sealed class Muon : Optimizer
{
    // What is rounded, some 1e-7 of a gradient, is still below a tenth after so many.
    private const int MostIterations = 12;

    private const int LongestInterval = 100;

    private readonly AdamRule _rule;

    /// <summary>Muon with the constants of its authors by default, and those of AdamW for all other parameters.</summary>
    /// <param name="factor">What the steps of orthogonalized weights are multiplied by, above 0; 1 by default.</param>
    /// <param name="momentum">How much of the mean gradient stays from step to step, in [0, 1); 0.95 by default.</param>
    /// <param name="iterations">How often the polynomial is applied, in [1, 12]; 5 by default. With 3, small singular values stay smaller, and steps take less time; more than 12 would make directions of what is only rounded, since each iteration multiplies what is near 0 by 3.4.</param>
    /// <param name="interval">In so many steps the orthogonalized weights change once, as far as in all of them, in [1, 100]; 1 by default. With 2, steps take less time, and most networks learn as much.</param>
    /// <param name="includesFirst">Whether the first of these layers is among them; yes by default. Where most of its inputs are indicators, of which a row has few, single weights are better changed by themselves.</param>
    /// <param name="beta1">As in <see cref="AdamW"/>; 0.9 by default.</param>
    /// <param name="beta2">As in <see cref="AdamW"/>; 0.999 by default.</param>
    /// <param name="epsilon">As in <see cref="AdamW"/>; 1e-8 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A constant is outside its range.</exception>
    public Muon(float factor = 1, float momentum = 0.95f, int iterations = 5, int interval = 1, bool includesFirst = true, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f)
    {
        Factor = Check(factor, float.Epsilon, float.PositiveInfinity, nameof(factor));
        Momentum = Check(momentum, 0, 1, nameof(momentum));
        Iterations = (int)Check(iterations, 1, MostIterations + 1, nameof(iterations));
        Interval = (int)Check(interval, 1, LongestInterval + 1, nameof(interval));
        IncludesFirst = includesFirst;
        _rule = new AdamRule(beta1, beta2, epsilon, decouplesDecay: true);
    }

    /// <summary>What the steps of orthogonalized weights are multiplied by.</summary>
    public float Factor { get; }

    /// <summary>How much of the mean gradient stays from step to step.</summary>
    public float Momentum { get; }

    /// <summary>How often the polynomial is applied that brings singular values near 1.</summary>
    public int Iterations { get; }

    /// <summary>In so many steps the orthogonalized weights change once.</summary>
    public int Interval { get; }

    /// <summary>Whether the first of the layers whose weights may be orthogonalized is among those.</summary>
    public bool IncludesFirst { get; }

    /// <summary>How much of the mean gradient stays, for all other parameters.</summary>
    public float Beta1 => _rule.Beta1;

    /// <summary>How much of the mean squared gradient stays, for all other parameters.</summary>
    public float Beta2 => _rule.Beta2;

    /// <summary>Keeps the division finite, for all other parameters.</summary>
    public float Epsilon => _rule.Epsilon;

    /// <summary>0.001, as Adam's.</summary>
    public override float DefaultLearningRate => AdamRule.DefaultLearningRate;

    /// <summary>0.01, as AdamW's.</summary>
    public override float DefaultWeightDecay => AdamRule.DecoupledWeightDecay;

    /// <summary>Such as "Muon, factor 2, momentum 0.95, 3 iterations", then ", every 2 steps" where the interval is longer than one, and ", without the first layer".</summary>
    public override string ToString() => FormattableString.Invariant($"Muon, factor {Factor}, momentum {Momentum}, {Iterations} iteration{(Iterations == 1 ? "" : "s")}")
        + (Interval == 1 ? "" : FormattableString.Invariant($", every {Interval} steps")) + (IncludesFirst ? "" : ", without the first layer");

    internal override int StateCount => AdamRule.StateCount;

    /// <summary>What is not changed as a whole matrix; the rest is in OrthogonalizedSteps.</summary>
    internal override void Step(in OptimizerStep step) => _rule.Step(in step);
}
