namespace MLNet.DenseNet;

/// <summary>Whether a trainer standardizes features: brings each to mean 0 and variance 1 over the training rows, and clips far values smoothly (<see cref="StandardizationLayer"/>).</summary>
public enum FeatureNormalization
{
    /// <summary>As <see cref="On"/>; a training that goes on from a model does as that one did.</summary>
    Auto,

    /// <summary>Always. A training that goes on from a model keeps the means and deviations of that one, which its weights are made for.</summary>
    On,

    /// <summary>Features are learned from as they come.</summary>
    Off,
}
