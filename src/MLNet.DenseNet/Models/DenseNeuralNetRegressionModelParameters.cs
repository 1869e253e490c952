using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using MLNet.DenseNet;
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
    /// <exception cref="InvalidOperationException">No rows were held out, an older version saved the model, or the width is another one for each score, as with a <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> or <see cref="TweedieLoss"/>: <see cref="PredictionInterval"/> has it.</exception>
    public float PredictionIntervalHalfWidth(float confidence = 0.9f) => HalfWidth(confidence) is (var width, 0) ? width
        : throw new InvalidOperationException("The prediction intervals of a loss of counts or skewed amounts are the wider the larger the score is: PredictionInterval gives that of a score.");

    /// <summary>The interval around a prediction that holds the true value as often as is asked (split-conformal prediction).</summary>
    /// <remarks>
    /// It is the score, plus and minus <see cref="PredictionIntervalHalfWidth"/>. With a <see cref="PoissonLoss"/>, <see cref="GammaLoss"/> or <see cref="TweedieLoss"/>, whose targets deviate the more the larger they are, it is the score s, plus and minus q s^(p/2) for the
    /// variance power p, 1, 2 or the Tweedie loss's own, and not below 0; q is the Pearson residual |label - s| / s^(p/2) that so large a share of the rows did not exceed that were held out. Weights do not count: where they are exposures, the intervals are those of a row with exposures like the others'.
    /// Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, "Distribution-free predictive inference for regression" (2018), section 5.2. Models that older versions saved have widths that are the same everywhere.
    /// </remarks>
    /// <param name="score">What the model predicts for a row. NaN, a missing score, has the interval from NaN to NaN.</param>
    /// <param name="confidence">The share of values inside, in (0, 1).</param>
    /// <returns>The lower and the upper end, in the label's units.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="score"/> is below 0, which a model with one of these losses does not predict; or <paramref name="confidence"/> is outside (0, 1), or too high for as few rows as were held out: 0.9 needs 9 of them, 0.99 needs 99.</exception>
    /// <exception cref="InvalidOperationException">No rows were held out, an older version saved the model, or too many of them have labels above 0 where it predicts nothing.</exception>
    public (float Lower, float Upper) PredictionInterval(float score, float confidence = 0.9f)
    {
        var (width, power) = HalfWidth(confidence);
        if (power == 0)
            return (score - width, score + width);
        if (score < 0)
            throw new ArgumentOutOfRangeException(nameof(score), score, "The score of a loss of counts or skewed amounts must be at least 0.");
        width *= (float)Math.Pow(score, power);
        return (Math.Max(0, score - width), score + width);
    }

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much each feature adds to the score, compared with the mean row learned from.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override DataViewType OutputType => NumberDataViewType.Single;

    internal static DenseNeuralNetRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    /// <summary>Half the width of prediction intervals, as a number times a power of the score, which is 0 where the width is the same everywhere. Exceptions are those of <see cref="PredictionInterval"/>.</summary>
    internal (float Number, float Power) HalfWidth(float confidence)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence of a prediction interval must be in (0, 1).");
        var errors = Errors ?? throw new InvalidOperationException("The model has no errors to make intervals of: no rows were held out while it was trained. Leave NumberOfEpochs open, or give ValidationFraction or a ValidationSet.");
        var quantile = errors.Quantile(confidence)
            ?? throw new ArgumentOutOfRangeException(nameof(confidence), confidence, FormattableString.Invariant($"The {errors.Rows} rows that were held out are too few for this confidence; it can be up to {errors.Rows / (errors.Rows + 1.0):G3}."));
        return errors.DeviationPower == 0 || quantile < float.MaxValue ? (quantile, errors.DeviationPower)
            : throw new InvalidOperationException(FormattableString.Invariant($"There are no prediction intervals of the confidence {confidence}: the model predicts about 0 for more of the rows that were held out than these may miss, whose labels are larger. Give it rows or layers to learn from where labels are above 0, or ask for less confidence."));
    }

    private protected override Delegate CreateMapper()
    {
        var scorer = CreateScorer();
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score) => score = scorer.Score(in features)[0];
        return map;
    }
}
