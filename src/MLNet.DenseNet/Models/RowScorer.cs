using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>Runs single rows through a network in memory of its own: one for each thread, after which nothing is allocated.</summary>
internal sealed class RowScorer(Network network)
{
    private readonly Workspace _workspace = network.CreateWorkspace(maxRows: 1);
    private readonly float[] _dense = new float[network.InputShape.Size];

    /// <summary>The network's outputs for a row of features; overwritten by the next.</summary>
    /// <exception cref="ArgumentException">The vector has another length than those trained on.</exception>
    public ReadOnlySpan<float> Score(in VBuffer<float> features)
    {
        if (features.Length != _dense.Length)
            throw new ArgumentException($"The features are a vector of {features.Length}; the model was trained on vectors of {_dense.Length}.");
        if (features.IsDense)
            return network.Forward(features.GetValues(), _workspace);
        features.CopyTo(_dense);
        return network.Forward(_dense, _workspace);
    }
}
