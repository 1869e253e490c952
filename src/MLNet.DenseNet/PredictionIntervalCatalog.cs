using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.DenseNet;

namespace Microsoft.ML;

/// <summary>Says how sure the predictions of a dense neural network are.</summary>
public static class PredictionIntervalCatalog
{
    // Powers of 2 that are written as whole numbers.
    private const int MostBits = 60;

    /// <summary>Adds two columns to the predictions of a regression: the ends of an interval that holds the true value as often as is asked.</summary>
    /// <remarks>
    /// The interval is <see cref="DenseNeuralNetRegressionModelParameters.PredictionInterval"/> of the score, which costs no further training: it comes from the rows that were held out. It learns nothing, and is saved and loaded with a pipeline.
    /// Intervals are equally wide for all rows, but for the losses of counts and skewed amounts (<see cref="PoissonLoss"/>, <see cref="GammaLoss"/>, <see cref="TweedieLoss"/>), whose errors grow with the score: there half the width is a power of the score times a number, and the lower end is not below 0; of models
    /// that were saved before errors were divided by the mean they are equally wide there too. Around a quantile (<see cref="QuantileLoss"/>) an interval makes no sense. A <see cref="MultiQuantileLoss"/> learns the ends of an interval for each row.
    /// <para>
    /// Intervals of a rate do not know exposures: the right share of all rows is inside, but too few of those with small exposures and too many of those with large ones.
    /// Counts that are mostly 0 and 1 have no useful interval: where means are below about 0.2, one can lie between 0 and 1 and hold no possible count.
    /// </para>
    /// <para>ML.NET's converter to ONNX does not know the expressions that the columns are made of: convert the pipeline before them.</para>
    /// <para>
    /// They are in the unit of what the network predicts. Where it learns logarithms and a later step takes predictions back to amounts, calculate the ends before that step, and take them back likewise.
    /// </para>
    /// <para>
    /// Where <see cref="DenseNeuralNetRegressionModelParameters.PredictionInterval"/> throws, since the score is one that a model of counts or skewed amounts does not put out, the columns cannot: both ends of a score below 0 are not a number; of an infinite one the lower is not a number and the upper infinite.
    /// </para>
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="model">A fitted or loaded pipeline with a dense neural network for the regression of one number.</param>
    /// <param name="confidence">The share of values inside, in (0, 1).</param>
    /// <param name="lowerColumnName">The column for the lower end.</param>
    /// <param name="upperColumnName">The column for the upper end.</param>
    /// <param name="scoreColumnName">The column of predictions.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> or a column's name is null.</exception>
    /// <exception cref="ArgumentException">The pipeline has no dense neural network, or one of another task; a column's name is empty, the lower end has that of another column, or a step behind the network puts other values into the column of predictions.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confidence"/> is outside (0, 1), or too high for as few rows as were held out.</exception>
    /// <exception cref="InvalidOperationException">No rows were held out, the model was saved before errors were kept, it went on from one that may have learned them, or too many held-out rows have a label above 0 where the model predicts 0.</exception>
    /// <example>
    /// <code>
    /// var scored = model.Transform(data);
    /// var withInterval = mlContext.Transforms.CalculatePredictionInterval(model, confidence: 0.8f).Fit(scored).Transform(scored);
    /// var upperBounds = withInterval.GetColumn&lt;float&gt;("UpperBound");
    /// </code>
    /// </example>
    public static IEstimator<ITransformer> CalculatePredictionInterval(
        this TransformsCatalog catalog,
        ITransformer model,
        float confidence = 0.9f,
        string lowerColumnName = "LowerBound",
        string upperColumnName = "UpperBound",
        string scoreColumnName = DefaultColumnNames.Score)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(lowerColumnName);
        ArgumentException.ThrowIfNullOrEmpty(upperColumnName);
        ArgumentException.ThrowIfNullOrEmpty(scoreColumnName);
        // The upper end is made of the score, after the lower one.
        if (lowerColumnName == scoreColumnName || lowerColumnName == upperColumnName)
            throw new ArgumentException($"The column '{lowerColumnName}' is for the lower end; expected another one for the upper end and for the predictions.", nameof(lowerColumnName));
        MLNetVersion.Check();
        return Create(catalog, model, confidence, lowerColumnName, upperColumnName, scoreColumnName);
    }

    /// <summary>
    /// A number as ML.NET's expressions take it, whatever the culture: they read numbers in the current one, so that there must be neither a decimal point nor a sign of an exponent. It is a whole number of up to 24 bits, times or
    /// divided by powers of 2, all of which float32 holds exactly.
    /// </summary>
    /// <param name="number">Finite, at least 0.</param>
    internal static string Factors(float number)
    {
        const int FractionBits = 23;
        const int Bias = 127;
        // The exponent of the smallest numbers is that of the next ones, without the leading bit.
        var bits = BitConverter.SingleToInt32Bits(number);
        var (exponent, fraction) = (bits >> FractionBits, bits & ((1 << FractionBits) - 1));
        var (whole, power) = exponent == 0 ? (fraction, 1 - Bias - FractionBits) : (fraction | (1 << FractionBits), exponent - Bias - FractionBits);
        var text = new StringBuilder(FormattableString.Invariant($"{whole}f"));
        for (var left = Math.Abs(power); left > 0; left -= MostBits)
            text.Append(CultureInfo.InvariantCulture, $" {(power < 0 ? '/' : '*')} {1L << Math.Min(left, MostBits)}f");
        return text.ToString();
    }

    /// <summary>In a method of its own: types built on ML.NET's inside must not be loaded before the check.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static EstimatorChain<ExpressionTransformer> Create(TransformsCatalog catalog, ITransformer model, float confidence, string lower, string upper, string score)
    {
        if (DenseNeuralNetTransformerExtensions.NetworkIn(model) is not DenseNeuralNetRegressionModelParameters regression)
            throw new ArgumentException("Prediction intervals are for the regression of one number; the model is of another task.", nameof(model));
        LaterSteps.CheckNotReplaced(model, score, "the errors that intervals are made of are those of what the network predicts", nameof(model));
        var (number, power) = regression.HalfWidth(confidence);
        // The root has no value below 0, where a whole power would have one.
        var width = power == 0 ? $"({Factors(number)})" : $"sqrt(x) ^ ({Factors(2 * power)}) * ({Factors(number)})";
        var lowerEnd = power == 0 ? $"x - {width}" : $"max({Factors(0)}, x - {width})";
        return catalog.Expression(lower, $"x => {lowerEnd}", score).Append(catalog.Expression(upper, $"x => x + {width}", score));
    }
}
