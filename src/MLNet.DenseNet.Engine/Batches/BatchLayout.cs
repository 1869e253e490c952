namespace MLNet.DenseNet.Engine;

/// <summary>How rows are cut into mini-batches.</summary>
/// <param name="Outputs">Targets a row, as the network has outputs.</param>
/// <param name="MaxRows">The rows of a batch; the last batch of an epoch has those that are left.</param>
/// <param name="ShuffleSeed">Determines the order of the rows in each epoch; null for their own.</param>
/// <param name="ClassFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
/// <param name="HeldOutBy">For each row of the data set, the member of an ensemble that does not learn from it, or -1; null where all learn from all.</param>
/// <param name="MeanWeights">The mean weight of the rows learned from: one number, or one for each member of an ensemble where each leaves other rows out; null where nothing is learned.</param>
/// <param name="Augmentation">What varies the rows; null for nothing.</param>
/// <param name="NoiseDeviations">(features): the standard deviations of the augmentation's noise; null for none.</param>
internal sealed record BatchLayout(
    int Outputs, int MaxRows, int? ShuffleSeed = null, float[]? ClassFactors = null, int[]? HeldOutBy = null, double[]? MeanWeights = null, Augmentation? Augmentation = null, float[]? NoiseDeviations = null);
