using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// How a gradient changes the parameters. An optimizer object only describes. Its state belongs to the
/// training, so that one object may serve any number of trainings.
/// </summary>
/// <remarks>
/// <para>
/// On sparse rows (<see cref="SparseFeatures"/>) a step changes only the weights of features that its batch stores a value for, and in an <see cref="EmbeddingLayer"/> those of the numbers that it looks up.
/// Their gradient is exact. The optimizer's state of a feature (velocity, means, sums of squares) fades only in these steps, and weight decay acts on the feature's weights
/// only then ("lazy", as PyTorch's SparseAdam and TensorFlow's LazyAdam). Plain gradient descent without weight decay is the same on sparse and dense rows.
/// </para>
/// <para>
/// The corrections of <see cref="Adam"/> and <see cref="AdamW"/> count all steps, not those of each feature. So the first update of a feature that comes late is 0.1 / sqrt(0.001) = 3.2 times the rate,
/// and the tenth up to 6.5 times. That helps rare features, of which a training sees little. With corrections counted feature by feature, the mean accuracy on six text-like tasks was 0.4
/// percentage points lower at a rate of 0.003, although one task gained 0.05. No other rate from 0.001 to 0.01 made up for it.
/// </para>
/// <para>Kinds: <see cref="StochasticGradientDescent"/>, <see cref="Adam"/>, <see cref="AdamW"/>, <see cref="RMSProp"/>, <see cref="AdaGrad"/>, <see cref="Muon"/>.</para>
/// </remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract class Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>The learning rate where the options give none.</summary>
    public abstract float DefaultLearningRate { get; }

    /// <summary>The weight decay where the options give none.</summary>
    public virtual float DefaultWeightDecay => 0;

    /// <summary>How many arrays of state it has, each laid out like the parameters.</summary>
    internal abstract int StateCount { get; }

    /// <summary>Updates parameters, each value by itself.</summary>
    internal abstract void Step(in OptimizerStep step);

    /// <exception cref="ArgumentOutOfRangeException">The value is outside [lowest, below).</exception>
    internal static float Check(float value, float lowest, float below, string name) =>
        value >= lowest && value < below
            ? value
            : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"{name} is {value}; it must be in [{lowest}, {below})."));
}
