using Microsoft.ML.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>The names of the classes of a confusion matrix, which ML.NET prints with it but keeps to itself.</summary>
internal static class ConfusionMatrixClasses
{
    /// <summary>In the matrix's order: the values of the keys, or "positive" and "negative".</summary>
    public static IReadOnlyList<string> Of(ConfusionMatrix matrix) => [.. matrix.PredictedClassesIndicators.Select(name => name.ToString())];
}
