using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>Runs single rows through a network, in memory that it allocates once. Each thread needs one of its own.</summary>
/// <param name="network">The network.</param>
/// <param name="channelsLast">Brings rows to the order in which the network takes them.</param>
internal sealed class RowScorer(Network network, ChannelsLast channelsLast)
{
    private readonly Workspace _workspace = network.CreateWorkspace(maxRows: 1, keepsOutputs: false);

    /// <summary>The network's outputs for a row of features; overwritten by the next.</summary>
    /// <exception cref="ArgumentException">The vector has another length than those trained on, or a sparse one has a value outside it or its indices do not ascend.</exception>
    public ReadOnlySpan<float> Score(in VBuffer<float> features)
    {
        if (features.Length != network.InputShape.Size)
            throw new ArgumentException($"The features are a vector of {features.Length}; the model was trained on vectors of {network.InputShape.Size}.");
        return Run(in channelsLast.Of(in features));
    }

    private ReadOnlySpan<float> Run(in VBuffer<float> features) => features.IsDense
        ? network.Forward(features.GetValues(), _workspace)
        : network.Forward(features.GetValues(), features.GetIndices(), _workspace);
}
