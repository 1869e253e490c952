using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The loss at a step of the search, and its learning rate.</summary>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="Loss">The mean loss of its batch, before the step.</param>
/// <param name="SmoothedLoss">The running mean of the losses so far, in which the latest count most.</param>
public readonly record struct LearningRatePoint(float LearningRate, double Loss, double SmoothedLoss)
{
    /// <summary>The loss that training minimizes, where it is another than <see cref="Loss"/>: that of standardized targets. Null where it is the same.</summary>
    internal double? Objective { get; init; }

    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);
}
