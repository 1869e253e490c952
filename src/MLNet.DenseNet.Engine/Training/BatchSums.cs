namespace MLNet.DenseNet.Engine;

/// <summary>What adds up over batches: divided by the weight, it is the mean; 0 where nothing weighs anything.</summary>
/// <param name="Loss">The sum of the rows' losses, each times its weight.</param>
/// <param name="Correct">The weight of the rows classified right.</param>
/// <param name="Weight">The weight of all rows; their number where they have none.</param>
internal readonly record struct BatchSums(double Loss, double Correct, double Weight)
{
    public double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    public double Accuracy => Weight > 0 ? Correct / Weight : 0;

    public static BatchSums operator +(BatchSums left, BatchSums right) =>
        new(left.Loss + right.Loss, left.Correct + right.Correct, left.Weight + right.Weight);
}
