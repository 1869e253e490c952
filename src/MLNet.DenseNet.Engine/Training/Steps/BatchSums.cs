namespace MLNet.DenseNet.Engine;

/// <summary>What adds up over batches: divided by its weight, it is the mean; 0 where nothing weighs anything.</summary>
/// <param name="Objective">The sum of the rows' losses that training makes small, each times its weight: those of standardized targets, where targets are.</param>
/// <param name="Loss">The sum of the rows' losses in the targets' own units, each times its weight.</param>
/// <param name="Weight">The weight of all rows; their number where they have none.</param>
/// <param name="CountLoss">The sum of the rows' losses in the targets' own units, each times its weight, class weights left out.</param>
/// <param name="CountWeight">The weight of all rows, class weights left out.</param>
/// <param name="Correct">The weight of the rows classified right, class weights left out.</param>
internal readonly record struct BatchSums(double Objective, double Loss, double Weight, double CountLoss, double CountWeight, double Correct)
{
    public double MeanObjective => Weight > 0 ? Objective / Weight : 0;

    public double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    public double MeanCountLoss => CountWeight > 0 ? CountLoss / CountWeight : 0;

    public double Accuracy => CountWeight > 0 ? Correct / CountWeight : 0;

    public static BatchSums operator +(BatchSums left, BatchSums right) => new(
        left.Objective + right.Objective, left.Loss + right.Loss, left.Weight + right.Weight,
        left.CountLoss + right.CountLoss, left.CountWeight + right.CountWeight, left.Correct + right.Correct);
}
