using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What a task asks of a network.</summary>
/// <param name="Outputs">The number of its outputs.</param>
/// <param name="ClassCount">The number of classes, or 0 where labels are numbers.</param>
/// <param name="OutputActivation">The activation of its outputs.</param>
/// <param name="LearnsFeatures">Whether the network learns to put out its own features, standardized, instead of a label.</param>
/// <param name="LearnsLabels">Whether rows have several labels of 0 and 1.</param>
internal sealed record NetworkTask(int Outputs, int ClassCount, Activation OutputActivation, bool LearnsFeatures = false, bool LearnsLabels = false)
{
    /// <summary>Whether a row has one label to learn, a class or a number, and does not stand among others of its group.</summary>
    public bool HasOneLabel(RowSource rows) => !LearnsFeatures && !rows.HasGroups && (rows.IsClassification || rows.TargetCount == 1);

    /// <summary>Whether outputs and targets may be any numbers, so that others can stand for them while training.</summary>
    public bool HasFreeTargets(Loss? loss) => !LearnsFeatures && ClassCount == 0 && OutputActivation == Activation.Identity && loss is { Link: null, TargetRange: null, NeedsGroups: false };
}
