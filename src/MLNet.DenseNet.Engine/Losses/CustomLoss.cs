using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// The base of a loss of your own: derive from this class and compute, for one row, the loss and its derivative by each prediction. Training then takes the mean over rows, weighted where
/// rows have weights.
/// </summary>
/// <remarks>
/// It sees targets and predictions in the targets' own units, also where a regression standardizes them; the gradient is then divided by each output's standard deviation, so that a squared error in any unit is
/// learned alike. The best epoch is chosen by what it returns, in whatever unit that is: with several outputs of different units, the loss decides how much each counts.
/// <see cref="Compute"/> is called once for each row of each batch, by one thread at a time; it should not allocate. What it throws reaches the caller of the training
/// unchanged; a loss or gradient that is not finite although the prediction is ends training with an <see cref="InvalidOperationException"/>. Models do not depend on the loss that
/// they were trained with: they load where the class is unknown.
/// </remarks>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)]
public abstract class CustomLoss : Loss
{
    /// <summary>A loss of predictions.</summary>
    /// <param name="link">
    /// Null for a loss of what the network puts out. For a loss of logits, the activation that would turn them into probabilities, sigmoid or softmax, and for a loss of logarithms the exponential: a network
    /// whose output layer ends with it is trained on the sums before it.
    /// </param>
#pragma warning disable RS0022 // Losses are derived from here and not from Loss, whose members are the engine's own; none of them is protected.
    protected CustomLoss(Activation? link = null) => Link = link;
#pragma warning restore RS0022

    internal sealed override Activation? Link { get; }

    internal sealed override bool TakesOwnUnits => true;

    /// <summary>One row's loss and its gradient.</summary>
    /// <param name="prediction">(outputs): what the network put out.</param>
    /// <param name="target">(outputs): what it should have; for a class, 1 among 0s, or 0 or 1 where there is one output.</param>
    /// <param name="gradient">(outputs), to be filled where it is not 0: the derivative of the loss by each prediction.</param>
    /// <returns>The loss, finite.</returns>
    protected abstract double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient);

    /// <summary>What tells this loss from others of its class, for <see cref="Checkpoints"/>, whose training must go on with the same one.</summary>
    /// <returns>
    /// Words in which all its constants occur. Null, the default, stands for the values of its fields: private ones too, and those of the user's own objects, arrays and functions in them.
    /// Override it where fields change while it computes, such as scratch memory and counters, where constants come from elsewhere, and where trimming may remove fields of objects inside
    /// it.
    /// </returns>
    protected virtual string? DescribeConstants() => null;

    internal string? ConstantsInWords => DescribeConstants();

    internal sealed override bool IsThreadSafe => false;

    internal sealed override unsafe void Evaluate(in LossPass pass)
    {
        var memory = ArrayPool<float>.Shared.Rent(3 * pass.Outputs);
        var prediction = memory.AsSpan(0, pass.Outputs);
        var target = memory.AsSpan(pass.Outputs, pass.Outputs);
        var gradient = memory.AsSpan(2 * pass.Outputs, pass.Outputs);
        try
        {
            for (var row = 0; row < pass.Rows; row++)
            {
                for (var j = 0; j < pass.Outputs; j++)
                {
                    prediction[j] = pass.Predictions[j * pass.Stride + row];
                    target[j] = pass.Targets[j * pass.Stride + row];
                }

                gradient.Clear();
                var loss = Compute(prediction, target, gradient);
                // Training would otherwise blame the learning rate for a fault of the loss. A row that weighs nothing may have any loss.
                if ((!double.IsFinite(loss) || !FiniteValues.All(gradient)) && pass.Scales[row] != 0 && FiniteValues.All(prediction))
                    throw NotFinite(loss, prediction, target, gradient);
                pass.ExactLosses[row] = loss;
                for (var j = 0; j < pass.Outputs; j++)
                    pass.Gradient[j * pass.Stride + row] = pass.TargetScales == null ? gradient[j] * pass.Scales[row] : (float)(gradient[j] / pass.TargetScales[j] * pass.Scales[row]);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(memory);
        }
    }

    private InvalidOperationException NotFinite(double loss, ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, ReadOnlySpan<float> gradient) =>
        new(FormattableString.Invariant(
            $"The loss {this} is {loss} with the gradient {FloatText.Of(gradient)} for the prediction {FloatText.Of(prediction)} and the target {FloatText.Of(target)}; all must be finite."));
}
