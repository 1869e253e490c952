namespace MLNet.DenseNet;

/// <summary>Whether a trainer standardizes features: brings each to mean 0 and variance 1 over the training rows, and clips far values smoothly (<see cref="StandardizationLayer"/>).</summary>
public enum FeatureNormalization
{
    /// <summary>As <see cref="On"/>, unless the layers begin with an <see cref="EmbeddingLayer"/>. A training that goes on from a model does what that one did.</summary>
    Auto,

    /// <summary>Always; refused before an <see cref="EmbeddingLayer"/>. A training that goes on from a model keeps the means and deviations of that one, for which its weights were learned.</summary>
    On,

    /// <summary>Features are learned from as they come.</summary>
    Off,
}
