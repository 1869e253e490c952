namespace MLNet.DenseNet.Engine;

/// <summary>How rows are cut into mini-batches.</summary>
/// <param name="Outputs">Targets a row, as the network has outputs.</param>
/// <param name="MaxRows">The rows of a batch; the last of an epoch has what is left.</param>
/// <param name="ShuffleSeed">Decides the order of the rows in each epoch; null for their own.</param>
/// <param name="ClassFactors">What a row's weight is multiplied by, for each class; null for nothing.</param>
internal sealed record BatchLayout(int Outputs, int MaxRows, int? ShuffleSeed = null, float[]? ClassFactors = null);
