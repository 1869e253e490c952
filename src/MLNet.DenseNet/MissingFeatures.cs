namespace MLNet.DenseNet;

/// <summary>What a trainer does with rows of which features are missing: not-a-number.</summary>
public enum MissingFeatures
{
    /// <summary>They are learned from in standardized tables where <see cref="DenseNeuralNetOptions.Layers"/> are left open (<see cref="MissingValueLayer"/>), and skipped elsewhere. In a row to predict, what no row missed in training counts as the mean where features are standardized.</summary>
    Auto,

    /// <summary>They are skipped, and told of in the log. In a row to predict, what is missing gives a score that is no number.</summary>
    Skip,
}
