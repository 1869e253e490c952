namespace MLNet.DenseNet;

/// <summary>Whether a trainer gives the network learned piecewise-linear functions of each number beside the number itself, and learned scales, which turn down columns that tell nothing (<see cref="NumericEmbeddingLayer"/>).</summary>
public enum NumericEmbedding
{
    /// <summary>For tables of up to 2,048 features, and for the numbers among more of them where rows are kept sparse, where <see cref="DenseNeuralNetOptions.HiddenLayers"/> and <see cref="DenseNeuralNetOptions.Layers"/> are left open. A training that goes on from a model does what that one did.</summary>
    Auto,

    /// <summary>Always; refused where the features are no table of up to 2,048 columns, and where <see cref="DenseNeuralNetOptions.Layers"/> are given, which may begin with such a layer.</summary>
    On,

    /// <summary>The network sees the numbers alone.</summary>
    Off,
}
