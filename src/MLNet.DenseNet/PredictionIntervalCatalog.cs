using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.DenseNet;

namespace Microsoft.ML;

/// <summary>Says how sure the predictions of a dense neural network are.</summary>
public static class PredictionIntervalCatalog
{
    /// <summary>Adds two columns to the predictions of a regression: the ends of an interval that holds the true value as often as is asked.</summary>
    /// <remarks>
    /// The interval is <see cref="DenseNeuralNetRegressionModelParameters.PredictionIntervalHalfWidth"/> to both sides of the score, which costs no further training: it comes from the rows that were held out. It learns nothing, and is saved and loaded with a pipeline.
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="model">A fitted or loaded pipeline with a dense neural network for the regression of one number.</param>
    /// <param name="confidence">The share of values inside, in (0, 1).</param>
    /// <param name="lowerColumnName">The column for the lower end.</param>
    /// <param name="upperColumnName">The column for the upper end.</param>
    /// <param name="scoreColumnName">The column of predictions.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">The pipeline has no dense neural network, or one of another task.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confidence"/> is outside (0, 1), or too high for as few rows as were held out.</exception>
    /// <exception cref="InvalidOperationException">No rows were held out, or an older version saved the model.</exception>
    /// <example>
    /// <code>
    /// var scored = model.Transform(data);
    /// var withInterval = mlContext.Transforms.CalculatePredictionInterval(model, confidence: 0.8f).Fit(scored).Transform(scored);
    /// var upperBounds = withInterval.GetColumn&lt;float&gt;("UpperBound");
    /// </code>
    /// </example>
    public static EstimatorChain<ExpressionTransformer> CalculatePredictionInterval(
        this TransformsCatalog catalog,
        ITransformer model,
        float confidence = 0.9f,
        string lowerColumnName = "LowerBound",
        string upperColumnName = "UpperBound",
        string scoreColumnName = DefaultColumnNames.Score)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        MLNetVersion.Check();
        return Create(catalog, model, confidence, lowerColumnName, upperColumnName, scoreColumnName);
    }

    /// <summary>In a method of its own: types built on ML.NET's inside must not be loaded before the check.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static EstimatorChain<ExpressionTransformer> Create(TransformsCatalog catalog, ITransformer model, float confidence, string lower, string upper, string score)
    {
        if (model.GetDenseNeuralNet() is not DenseNeuralNetRegressionModelParameters regression)
            throw new ArgumentException("Prediction intervals are for the regression of one number; the model is of another task.", nameof(model));
        var width = FormattableString.Invariant($"{regression.PredictionIntervalHalfWidth(confidence):R}f");
        return catalog.Expression(lower, $"x => x - {width}", score).Append(catalog.Expression(upper, $"x => x + {width}", score));
    }
}
