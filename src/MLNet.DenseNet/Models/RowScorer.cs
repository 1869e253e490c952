using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>Runs single rows through a network, in memory that it allocates once. Each thread needs one of its own.</summary>
internal sealed class RowScorer(Network network)
{
    private readonly Workspace _workspace = network.CreateWorkspace(maxRows: 1, keepsOutputs: false);

    /// <summary>The network's outputs for a row of features; overwritten by the next.</summary>
    /// <exception cref="ArgumentException">The vector has another length than those trained on, or a sparse one has a value outside it or its indices do not ascend.</exception>
    public ReadOnlySpan<float> Score(in VBuffer<float> features)
    {
        if (features.Length != network.InputShape.Size)
            throw new ArgumentException($"The features are a vector of {features.Length}; the model was trained on vectors of {network.InputShape.Size}.");
        return features.IsDense
            ? network.Forward(features.GetValues(), _workspace)
            : network.Forward(features.GetValues(), features.GetIndices(), _workspace);
    }
}
