using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet;

namespace Microsoft.ML;

/// <summary>Adds to ML.NET's regression catalog what it lacks for several quantiles of a number.</summary>
public static class QuantileRegressionCatalog
{
    /// <summary>
    /// A dense neural network that predicts several quantiles of a label at once, as a vector that ascends. What <c>mlContext.Transforms.DenseNeuralNet</c> takes where the loss is a <see cref="MultiQuantileLoss"/>, for its further ways to train.
    /// </summary>
    /// <remarks>
    /// Where a feature is missing and none was in training, or features are so large that the network cannot compute with them, all quantiles of the row are NaN. What <c>mlContext.Transforms.CalculateDenseNeuralNetContribution</c> explains of an output is what the network puts out for its quantile, before the outputs of a row are sorted.
    /// </remarks>
    /// <param name="catalog">The trainers of the task.</param>
    /// <param name="options">Its <see cref="DenseNeuralNetOptions.Loss"/> is a <see cref="MultiQuantileLoss"/>; null is that of 0.05, 0.5 and 0.95. Copied: later changes have no effect.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the loss is another one; the message names it.</exception>
    /// <example>
    /// <code>
    /// var options = new DenseNeuralNetOptions { LabelColumnName = "Price", Loss = new MultiQuantileLoss(0.1f, 0.5f, 0.9f) };
    /// var model = mlContext.Regression.Trainers.DenseNeuralNetQuantile(options).Fit(data);
    /// var quantiles = model.Transform(data).GetColumn&lt;float[]&gt;("Score").First();
    /// </code>
    /// </example>
    public static DenseNeuralNetQuantileRegressionTrainer DenseNeuralNetQuantile(this RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options)
    {
        MLNetVersion.Check();
        return Create(catalog, options);

        // In a method of its own: types built on ML.NET's inside must not be loaded before the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static DenseNeuralNetQuantileRegressionTrainer Create(RegressionCatalog.RegressionTrainers catalog, DenseNeuralNetOptions options) => new(CatalogUtils.GetEnvironment(catalog), options);
    }
}
