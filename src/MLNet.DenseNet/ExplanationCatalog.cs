using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.DenseNet;
using MLNet.DenseNet.Explanations;

namespace Microsoft.ML;

/// <summary>Explains the predictions of dense neural networks.</summary>
public static class ExplanationCatalog
{
    /// <summary>
    /// Calculates how much each feature of a row adds to the score of a dense neural network, compared with the mean row of those that it learned from, in which features that were not standardized, sparse ones among them, are 0. It adds the column FeatureContributions, with the slot names of the features.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The contributions are integrated gradients (Sundararajan, Taly and Yan, 2017); without <paramref name="normalize"/>, and with enough of both signs, they add up to the score minus that of the mean row. They explain the score before the output activation: the logit of a
    /// binary classification or of a class, and behind a loss of counts or skewed amounts the logarithm of the score. Of several quantiles they explain what the network puts out for one, before the outputs of a row are sorted, which is the score wherever the quantiles do not cross. Of images and sequences, the mean row has the mean of its channel at each position.
    /// </para>
    /// <para>Of a model that takes keys, <c>mlContext.Transforms.Conversion.MapKeyToVector</c> has to put their vectors in their place before; each key is then a feature.</para>
    /// <para>ML.NET's converter to ONNX does not know contributions: convert the pipeline before them.</para>
    /// <para>ML.NET's own <c>CalculateFeatureContribution</c> does the same for a transformer of a trainer of one task; it takes no transformer of several outputs, and explains the predicted class only.</para>
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="model">A fitted or loaded pipeline with a dense neural network, or its transformer.</param>
    /// <param name="output">Which output is explained, from 0: a class by its place among the scores, or one of several numbers, where it must be given. By default the only one, or the class that is predicted.</param>
    /// <param name="numberOfPositiveContributions">How many positive contributions are given at most, the largest ones; the others are 0.</param>
    /// <param name="numberOfNegativeContributions">How many negative ones.</param>
    /// <param name="normalize">Whether contributions are divided by the largest magnitude of the row, so that they are in [-1, 1].</param>
    /// <returns>The estimator; it learns nothing.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no dense neural network in the pipeline, or more than one, or it has several numbers as outputs and <paramref name="output"/> is not given; or a step behind the network puts other values into its feature column.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="output"/> is none of the outputs.</exception>
    /// <example>
    /// <code>
    /// var scored = model.Transform(data);
    /// var explained = mlContext.Transforms.CalculateDenseNeuralNetContribution(model, normalize: false).Fit(scored).Transform(scored);
    /// var contributions = explained.GetColumn&lt;float[]&gt;("FeatureContributions").First();
    /// </code>
    /// </example>
    public static FeatureContributionCalculatingEstimator CalculateDenseNeuralNetContribution(
        this TransformsCatalog catalog,
        ITransformer model,
        int? output = null,
        int numberOfPositiveContributions = 10,
        int numberOfNegativeContributions = 10,
        bool normalize = true)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        MLNetVersion.Check();
        return Create(catalog, model, output, numberOfPositiveContributions, numberOfNegativeContributions, normalize);
    }

    /// <summary>In a method of its own: types built on ML.NET's inside must not be loaded before the check.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static FeatureContributionCalculatingEstimator Create(TransformsCatalog catalog, ITransformer model, int? output, int positive, int negative, bool normalize)
    {
        var network = DenseNeuralNetTransformerExtensions.NetworkIn(model);
        var explained = ExplainedOutput.Of(network, output);
        var features = DenseNeuralNetTransformerExtensions.FeatureColumnIn(model, "contributions are calculated from the features that the network took");
        return new FeatureContributionCalculatingEstimator(CatalogUtils.GetEnvironment(catalog), explained, positive, negative, features, normalize);
    }
}
