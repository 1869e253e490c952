namespace MLNet.DenseNet.Engine;

/// <summary>The targets of a batch, and how much each of its rows counts.</summary>
/// <param name="values">(rows x outputs): the targets.</param>
/// <param name="weights">(rows): what each row's loss is multiplied by, or empty where all count the same.</param>
/// <param name="exampleWeights">(rows): the same without class weights, by which accuracy and validation loss are measured, or empty.</param>
internal readonly ref struct BatchTargets(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, ReadOnlySpan<float> exampleWeights)
{
    /// <summary>For rows of one kind of weight.</summary>
    public BatchTargets(ReadOnlySpan<float> values, ReadOnlySpan<float> weights) : this(values, weights, weights)
    {
    }

    public ReadOnlySpan<float> Values { get; } = values;

    public ReadOnlySpan<float> Weights { get; } = weights;

    public ReadOnlySpan<float> ExampleWeights { get; } = exampleWeights;

    /// <summary>
    /// What the batch's gradient is divided by: its number of rows times the mean weight of all rows. So a row of weight 2 counts like two rows, whatever else is in the batch. Null for the weight of
    /// the batch; then a weight says only how much a row counts beside the others of its batch.
    /// </summary>
    public double? Divisor { get; init; }

    /// <summary>Whether targets of 0 and 1 are labels, any number of which may be 1, and not the class of the row.</summary>
    public bool AreLabels { get; init; }

    /// <summary>(groups + 1): where each group of rows begins, and the end; empty where all rows are one group, or in none.</summary>
    public ReadOnlySpan<int> GroupStarts { get; init; }
}
