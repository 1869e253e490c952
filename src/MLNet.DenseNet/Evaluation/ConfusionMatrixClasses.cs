using Microsoft.ML.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>The names of the classes of a confusion matrix. ML.NET prints them with it, but has no public way to them.</summary>
internal static class ConfusionMatrixClasses
{
    /// <summary>In the matrix's order: the values of the keys, or "positive" and "negative".</summary>
    public static IReadOnlyList<string> Of(ConfusionMatrix matrix) => [.. matrix.PredictedClassesIndicators.Select(name => name.ToString())];
}
