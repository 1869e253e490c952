namespace MLNet.DenseNet.Engine;

/// <summary>Sums over the rows of one or more batches. Divided by its weight, a sum is the mean; the mean is 0 where no row weighs anything.</summary>
/// <param name="Objective">The rows' losses that training minimizes, each times its weight: losses of standardized targets, where targets are standardized.</param>
/// <param name="Loss">The rows' losses in the targets' own units, each times its weight.</param>
/// <param name="Weight">The rows' weights; their number where they have none.</param>
/// <param name="ExampleLoss">The rows' losses in the targets' own units, each times its example weight alone, without class weights.</param>
/// <param name="ExampleWeight">The rows' example weights; their number where they have none.</param>
/// <param name="Correct">The example weights of the rows classified right; of several labels a row, times the share of its labels that are right.</param>
internal readonly record struct BatchSums(double Objective, double Loss, double Weight, double ExampleLoss, double ExampleWeight, double Correct)
{
    public double MeanObjective => Weight > 0 ? Objective / Weight : 0;

    public double MeanLoss => Weight > 0 ? Loss / Weight : 0;

    public double MeanExampleLoss => ExampleWeight > 0 ? ExampleLoss / ExampleWeight : 0;

    public double Accuracy => ExampleWeight > 0 ? Correct / ExampleWeight : 0;

    public static BatchSums operator +(BatchSums left, BatchSums right) => new(
        left.Objective + right.Objective, left.Loss + right.Loss, left.Weight + right.Weight,
        left.ExampleLoss + right.ExampleLoss, left.ExampleWeight + right.ExampleWeight, left.Correct + right.Correct);
}
