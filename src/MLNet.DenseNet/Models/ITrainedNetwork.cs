using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>What the model parameters of all tasks hold, whatever they put out.</summary>
internal interface ITrainedNetwork
{
    Network Network { get; }
}
