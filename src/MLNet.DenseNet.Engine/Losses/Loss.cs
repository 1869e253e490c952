using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>
/// What training makes small: a number for each row, from what the network puts out and what it should put out. The loss of a
/// batch is the mean over its rows, by their weights where there are any. The gradient of a step is that of the sum of the rows' losses times their weights, divided by the rows of the batch times the
/// mean weight of all training rows. So a weight of 2 is the same as having the row twice, whatever else is in its batch.
/// </summary>
/// <remarks>
/// Kinds: <see cref="MeanSquaredError"/>, <see cref="MeanAbsoluteError"/>, <see cref="HuberLoss"/>, <see cref="QuantileLoss"/>, <see cref="MultiQuantileLoss"/> for numbers; <see cref="PoissonLoss"/> for counts, <see cref="GammaLoss"/>, <see cref="TweedieLoss"/> for skewed amounts; <see cref="ListNetLoss"/> for the order of a group; <see cref="SoftmaxCrossEntropy"/>,
/// <see cref="BinaryCrossEntropy"/>, <see cref="MulticlassHingeLoss"/>, <see cref="HingeLoss"/> for classes; <see cref="CustomLoss"/> for your own.
/// </remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)]
public abstract class Loss
{
    private protected Loss()
    {
    }

    /// <summary>
    /// For a loss that is computed from logits, the activation that turns logits into its probabilities; for one computed from logarithms, the exponential. An output layer that
    /// ends with it is trained on its sums, which stays exact where the probabilities would round to 0 or 1.
    /// </summary>
    internal virtual Activation? Link => null;

    /// <summary>The range of targets that the loss means something for; null for any number.</summary>
    internal virtual TargetRange? TargetRange => null;

    /// <summary>Whether the loss takes targets of one class only, and no mixtures of two.</summary>
    internal virtual bool NeedsOneClass => false;

    /// <summary>How many outputs it is made for; null for any number.</summary>
    internal virtual int? Outputs => null;

    /// <summary>Whether each output by itself is the logit of what is true or false.</summary>
    internal bool TakesEachOutputForALabel => Link == Activation.Sigmoid;

    /// <summary>Whether it compares the rows of a group with each other, so that rows have to be in groups. A row's loss is then that of its group.</summary>
    internal virtual bool NeedsGroups => false;

    /// <summary>Whether several threads may evaluate at once, which code of the user's own is not asked for.</summary>
    internal virtual bool IsThreadSafe => true;

    /// <summary>Whether it takes targets and predictions in the targets' own units even where a regression standardizes its targets.</summary>
    internal virtual bool TakesOwnUnits => false;

    /// <summary>The d for which it takes the standard deviation of targets to grow like their mean to the power d, half the variance power; 0 for a loss that takes errors to be as large everywhere.</summary>
    internal virtual float DeviationPower => 0;

    /// <summary>About how large the gradient is, up to a constant, where errors are as large as <paramref name="error"/>.</summary>
    /// <remarks>For targets with the standard deviation s, the loss of standardized targets is the loss of the targets themselves, divided by s * GradientScale(s). So its gradient is about 1 in any unit.</remarks>
    internal virtual double GradientScale(double error) => error;

    /// <summary>The loss that fits an output activation: cross-entropies for softmax and sigmoid, else the mean squared error.</summary>
    internal static Loss For(Activation? outputActivation) =>
        outputActivation == Activation.Softmax ? new SoftmaxCrossEntropy()
        : outputActivation == Activation.Sigmoid ? new BinaryCrossEntropy()
        : new MeanSquaredError();

    /// <summary>The losses of a batch's rows and their gradients.</summary>
    internal abstract void Evaluate(in LossPass pass);

    /// <summary>Refuses output activations whose values cannot be what this loss takes.</summary>
    /// <exception cref="ArgumentException">The activation gives something of another kind than the loss is about.</exception>
    internal void CheckOutputActivation(Activation? activation)
    {
        if (Link != null && activation != null && activation != Activation.Identity && activation != Link)
            throw new ArgumentException($"The loss {this} works on {(Link == Activation.Exponential ? "logarithms" : "logits")}, so the output activation must be {Link} or identity; it is {activation}.");
    }
}
