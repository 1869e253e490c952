using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

[assembly: LoadableClass(
    typeof(DenseNeuralNetRegressionModelParameters), null, typeof(SignatureLoadModel),
    "Dense neural network, regression", DenseNeuralNetRegressionModelParameters.LoaderSignature)]

namespace MLNet.DenseNet;

/// <summary>A trained network for regression: from features to one value.</summary>
public sealed class DenseNeuralNetRegressionModelParameters : DenseNeuralNetModelParameters<float>, ICalculateFeatureContribution
{
    internal const string LoaderSignature = "DenseNeuralNetRegr";

    private static readonly ModelFormat Format = new("DNN REGR", LoaderSignature);

    internal DenseNeuralNetRegressionModelParameters(IHostEnvironment env, TrainedNetwork trained)
        : base(env, Format, trained)
    {
    }

    private DenseNeuralNetRegressionModelParameters(IHostEnvironment env, ModelLoadContext context)
        : base(env, Format, context) => CheckSingleOutput();

    /// <summary>
    /// Half the width of intervals around predictions that hold the true value as often as is asked: the error that so large a share of the rows did not exceed that were held out while training (split-conformal prediction). It is the
    /// same for all rows, and right on average over rows like those; a single row may be surer or less sure.
    /// </summary>
    /// <param name="confidence">The share of values inside, in (0, 1).</param>
    /// <returns>Half the width, in the label's units.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="confidence"/> is outside (0, 1), or too high for as few rows as were held out: 0.9 needs 9 of them, 0.99 needs 99.</exception>
    /// <exception cref="InvalidOperationException">No rows were held out, the model was saved before errors were kept, it went on from one that may have learned them, or the width is another one for each score, as with a <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> or <see cref="TweedieLoss"/>: <see cref="PredictionInterval"/> has it.</exception>
    public float PredictionIntervalHalfWidth(float confidence = 0.9f) => HalfWidth(confidence) is (var width, 0) ? width
        : throw new InvalidOperationException("The prediction intervals of a loss of counts or skewed amounts are the wider the larger the score is: PredictionInterval gives that of a score.");

    /// <summary>The interval around a prediction that holds the true value as often as is asked (split-conformal prediction).</summary>
    /// <remarks>
    /// It is the score, plus and minus <see cref="PredictionIntervalHalfWidth"/>. With a <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> or <see cref="TweedieLoss"/>, whose targets deviate the more the larger they are, it is the score s, plus and minus q s^(p/2) for the
    /// variance power p, 1, 2 or the Tweedie loss's own, and not below 0; q is the Pearson residual |label - s| / s^(p/2) that so large a share of the rows did not exceed that were held out.
    /// Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-free predictive inference for regression" (2018), section 5.2. Models that were saved before errors were divided by the mean have intervals that are equally wide for all rows.
    /// <para>
    /// Weights do not count, so that intervals of a rate do not know exposures: the right share of all rows is inside, but too few of those with small exposures and too many of those with large ones.
    /// Counts that are mostly 0 and 1 have no useful interval: where means are below about 0.2, one can lie between 0 and 1 and hold no possible count.
    /// </para>
    /// </remarks>
    /// <param name="score">What the model predicts for a row. NaN, a missing score, has the interval from NaN to NaN.</param>
    /// <param name="confidence">The share of values inside, in (0, 1).</param>
    /// <returns>The lower and the upper end, in the label's units.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="score"/> is below 0 or infinite, which a model with one of these losses does not predict; or <paramref name="confidence"/> is outside (0, 1), or too high for as few rows as were held out: 0.9 needs 9 of them, 0.99 needs 99.</exception>
    /// <exception cref="InvalidOperationException">No rows were held out, the model was saved before errors were kept, it went on from one that may have learned them, or too many held-out rows have a label above 0 where the model predicts 0.</exception>
    public (float Lower, float Upper) PredictionInterval(float score, float confidence = 0.9f)
    {
        var (width, power) = HalfWidth(confidence);
        if (power == 0)
            return (score - width, score + width);
        if (score < 0 || float.IsInfinity(score))
            throw new ArgumentOutOfRangeException(nameof(score), score, "The score of a loss of counts or skewed amounts must be finite and at least 0.");
        width *= HeldOutErrors.Deviation(score, power);
        return (Math.Max(0, score - width), score + width);
    }

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much each feature adds to the score, compared with the mean row learned from, in which features that were not standardized are 0.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.Regression;

    internal static DenseNeuralNetRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    /// <summary>Half the width of prediction intervals, as a number times a power of the score, which is 0 where all are equally wide. Exceptions are those of <see cref="PredictionInterval"/>.</summary>
    internal (float Number, float Power) HalfWidth(float confidence)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence of a prediction interval must be in (0, 1).");
        var errors = Errors ?? throw new InvalidOperationException("The model has no errors to make intervals of: no rows were held out while it was trained, a model that it went on from may have learned them, or it was saved before errors were kept. Leave NumberOfEpochs open with 40 rows or more, or give ValidationFraction or a ValidationSet.");
        var quantile = errors.Quantile((decimal)confidence)
            ?? throw new ArgumentOutOfRangeException(nameof(confidence), confidence, FormattableString.Invariant($"The {errors.Rows} rows that were held out are too few for this confidence; it can be up to {decimal.Round(errors.Rows / (errors.Rows + 1m), 4, MidpointRounding.ToZero):0.####}."));
        return errors.DeviationPower == 0 || quantile < float.MaxValue ? (quantile, errors.DeviationPower)
            : throw new InvalidOperationException(FormattableString.Invariant($"Too many held-out rows have a label above 0 where the model predicts 0, so no width holds {confidence} of them. Ask for less confidence, or give the model more to learn from."));
    }

    private protected override Delegate CreateMapper() => ScalarMapper.Create(CreateScorer());
}
