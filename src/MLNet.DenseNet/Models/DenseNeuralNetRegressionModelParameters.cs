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
    /// <exception cref="InvalidOperationException">No rows were held out, or an older version saved the model.</exception>
    public float PredictionIntervalHalfWidth(float confidence = 0.9f)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence of a prediction interval must be in (0, 1).");
        var errors = Errors ?? throw new InvalidOperationException("The model has no errors to make intervals of: no rows were held out while it was trained. Leave NumberOfEpochs open, or give ValidationFraction or a ValidationSet.");
        return errors.Quantile(confidence)
            ?? throw new ArgumentOutOfRangeException(nameof(confidence), confidence, FormattableString.Invariant($"The {errors.Rows} rows that were held out are too few for this confidence; it can be up to {errors.Rows / (errors.Rows + 1.0):G3}."));
    }

    /// <summary>For ML.NET's <c>CalculateFeatureContribution</c>: how much each feature adds to the score, compared with the mean row learned from.</summary>
    public FeatureContributionCalculator FeatureContributionCalculator => new(this);

    /// <inheritdoc/>
    protected override PredictionKind PredictionKind => PredictionKind.Regression;

    private protected override DataViewType OutputType => NumberDataViewType.Single;

    internal static DenseNeuralNetRegressionModelParameters Create(IHostEnvironment env, ModelLoadContext context) =>
        new(env, Format.Check(env, context));

    private protected override Delegate CreateMapper()
    {
        var scorer = CreateScorer();
        ValueMapper<VBuffer<float>, float> map = (in VBuffer<float> features, ref float score) => score = scorer.Score(in features)[0];
        return map;
    }
}
