using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using MLNet.DenseNet;

namespace Microsoft.ML;

/// <summary>Makes features of what a dense neural network has learned.</summary>
public static class HiddenFeatureCatalog
{
    /// <summary>Puts out the values of a hidden layer of a dense neural network, as features for other steps: another trainer, a clustering, a search for similar rows, a picture.</summary>
    /// <remarks>
    /// <para>
    /// The column holds, for each row, what the layer puts out when the network predicts. Of an ensemble it holds the values of all members, one after the other. A layer with positions, such as a convolution, puts out its values position by position, (height x width x channels) or (steps x channels).
    /// </para>
    /// <para>The features come from the column that the network learned from; its predictions are not needed. It learns nothing, is saved and loaded with a pipeline, the network included, and can be exported to ONNX.</para>
    /// </remarks>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="model">A fitted or loaded pipeline with a dense neural network of any task, or its transformer.</param>
    /// <param name="outputColumnName">The column to be added, a vector of <see cref="float"/>.</param>
    /// <param name="layer">Which layer, from 0, as <see cref="IDenseNeuralNetModel.Summary"/> lists the layers of one network; the last of these puts out predictions and is none of them. Where sums of all inputs stand beside the network (<see cref="WideAndDeepLayer"/>), the layers inside are counted. Null for the last one before it.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no dense neural network in the pipeline, or more than one, it has no hidden layer, <paramref name="outputColumnName"/> is empty, or a step behind the network puts other values into its feature column.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="layer"/> is none of the layers before the last.</exception>
    /// <example>
    /// <code>
    /// var extracting = mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(data);
    /// var hidden = extracting.Transform(data).GetColumn&lt;float[]&gt;("HiddenFeatures").First();
    /// </code>
    /// </example>
    public static HiddenFeatureExtractingEstimator ExtractDenseNeuralNetFeatures(this TransformsCatalog catalog, ITransformer model, string outputColumnName = "HiddenFeatures", int? layer = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        MLNetVersion.Check();
        return Create(catalog, model, outputColumnName, layer);
    }

    /// <summary>In a method of its own: types built on ML.NET's inside must not be loaded before the check.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static HiddenFeatureExtractingEstimator Create(TransformsCatalog catalog, ITransformer model, string outputColumnName, int? layer)
    {
        var network = DenseNeuralNetTransformerExtensions.NetworkIn(model);
        var layers = network.Network.Members[0].WithoutSumsBeside().Layers;
        var last = layers.Count - 1;
        if (layer is null && !layers.SkipLast(1).Any(place => place.ParameterCount > 0))
            throw new ArgumentException("The network of the model has no hidden layer.", nameof(model));
        if (layer is < 0 || layer >= last)
            throw new ArgumentOutOfRangeException(nameof(layer), layer, last == 0 ? "The network of the model has only an output layer." : $"The network of the model has the layers 0 to {last - 1} before its output layer.");
        var env = CatalogUtils.GetEnvironment(catalog);
        var features = DenseNeuralNetTransformerExtensions.FeatureColumnIn(model, "hidden features are calculated from the features that the network took");
        return new HiddenFeatureExtractingEstimator(env, new HiddenFeatureExtractingTransformer(env, network, features, outputColumnName, layer ?? last - 1));
    }
}
