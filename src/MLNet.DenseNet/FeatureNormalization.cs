namespace MLNet.DenseNet;

/// <summary>Whether a trainer standardizes features: brings each to mean 0 and variance 1 over the training rows, and clips far values smoothly (<see cref="StandardizationLayer"/>).</summary>
/// <remarks>Where rows are kept sparse, those of more than 256 features that are nearly all 0, features are not shifted but for numbers that are hardly ever 0, so that zeros stay 0, and their other values are brought to a mean square of 1.</remarks>
public enum FeatureNormalization
{
    /// <summary>As <see cref="On"/>, unless the layers begin with an <see cref="EmbeddingLayer"/>. A training that goes on from a model does what that one did.</summary>
    Auto,

    /// <summary>Always; refused before an <see cref="EmbeddingLayer"/>. A training that goes on from a model keeps the means and deviations of that one, for which its weights were learned.</summary>
    On,

    /// <summary>Features are learned from as they come.</summary>
    Off,
}
