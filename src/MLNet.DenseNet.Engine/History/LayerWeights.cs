using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>How a layer's weights, without its biases, are distributed before and after training.</summary>
/// <param name="Layer">Its position in <see cref="TrainingHistory.Network"/>, from 0; of an ensemble, the layers of all members at this position.</param>
/// <param name="Initial">Before training.</param>
/// <param name="Final">After it.</param>
public sealed record LayerWeights(int Layer, WeightHistogram Initial, WeightHistogram Final)
{
    /// <summary>Its values by name, the same in every culture.</summary>
    public override string ToString() => RecordText.Of(this);
}
