using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>What was measured of a layer with parameters, or of a ReLU that is a layer by itself, in an epoch, on up to 32 of its batches, evenly spread.</summary>
/// <param name="Layer">Its position in <see cref="TrainingHistory.Network"/>, from 0; of an ensemble, the layers of all members at this position.</param>
/// <param name="GradientNorm">The L2 norm of the gradient of a batch's mean <see cref="EpochSummary.Objective"/> with respect to the layer's parameters, before clipping and without weight decay. It is the mean over these batches, and over members; 0 where the layer has none.</param>
/// <param name="DeadUnits">The share of its units whose output was 0 for every row of these batches, in [0, 1]. Such a unit has no gradient and does not learn. Where the output is an image or a sequence, a unit is a channel, 0 at every position. Null where the activation is not ReLU.</param>
public sealed record LayerDiagnostics(int Layer, double GradientNorm, double? DeadUnits)
{
    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);
}
