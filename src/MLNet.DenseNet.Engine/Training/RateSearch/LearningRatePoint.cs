using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What a step at a learning rate came to.</summary>
/// <param name="LearningRate">The rate of the step.</param>
/// <param name="Loss">The mean loss of its batch, before the step.</param>
/// <param name="SmoothedLoss">The mean of the losses so far, in which the latest count most.</param>
public readonly record struct LearningRatePoint(float LearningRate, double Loss, double SmoothedLoss)
{
    /// <summary>The loss that training makes small: that of standardized targets, where a regression standardizes them. Null for <see cref="Loss"/>.</summary>
    internal double? Objective { get; init; }

    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);
}
