namespace MLNet.DenseNet;

/// <summary>What comes of a training that is cancelled.</summary>
public enum CancellationBehavior
{
    /// <summary>An <see cref="OperationCanceledException"/>.</summary>
    Throw,

    /// <summary>
    /// The model as it is then: of the best epoch so far where best weights are restored, else of the latest step. Before the end of the first epoch, reading the rows included, no model has
    /// learned from all rows, so that it is an <see cref="OperationCanceledException"/> all the same.
    /// </summary>
    ReturnModel,
}
