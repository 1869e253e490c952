using Microsoft.ML.Trainers;

namespace MLNet.DenseNet.Explanations;

/// <summary>What of a model is explained.</summary>
internal static class ExplainedOutput
{
    /// <param name="model">The model.</param>
    /// <param name="output">Which output, from 0; null for the only one, the class that is predicted, or the score of an anomaly detection.</param>
    /// <exception cref="ArgumentException">It has several numbers as outputs, and none is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    public static ICalculateFeatureContribution Of(IDenseNeuralNetModel model, int? output)
    {
        // What is explained of an anomaly detection is its score, whatever its network puts out.
        var hasOneScore = model is DenseNeuralNetAnomalyModelParameters;
        var outputs = hasOneScore ? 1 : model.Network.OutputShape.Size;
        if (output is < 0 || output >= outputs)
            throw new ArgumentOutOfRangeException(nameof(output), output, $"The model has the outputs 0 to {outputs - 1}.");
        return !hasOneScore && (output ?? (outputs == 1 && model is not ICalculateFeatureContribution ? 0 : null)) is { } given ? new OutputContributions(model, given)
            : model as ICalculateFeatureContribution ?? throw new ArgumentException($"The model has {outputs} outputs; say which one is explained.", nameof(output));
    }
}
