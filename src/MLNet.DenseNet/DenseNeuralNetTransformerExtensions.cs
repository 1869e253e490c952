using Microsoft.ML;

namespace MLNet.DenseNet;

/// <summary>Finds networks in fitted pipelines.</summary>
public static class DenseNeuralNetTransformerExtensions
{
    /// <summary>The network in a fitted or loaded pipeline, wherever it stands in it: its history and verdict, its layers and weights, its summary.</summary>
    /// <param name="transformer">What <c>Fit</c> or <c>mlContext.Model.Load</c> gave.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public static IDenseNeuralNetModel GetDenseNeuralNet(this ITransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return ModelsIn(transformer).ToArray() switch
        {
            [var model] => model,
            [] => throw new ArgumentException($"There is no dense neural network in [{string.Join(", ", TransformersIn(transformer).Select(step => step.GetType().Name))}].", nameof(transformer)),
            var several => throw new ArgumentException($"There are {several.Length} dense neural networks; go through the transformers one by one.", nameof(transformer)),
        };
    }

    private static IEnumerable<IDenseNeuralNetModel> ModelsIn(ITransformer transformer) =>
        TransformersIn(transformer).OfType<ISingleFeaturePredictionTransformer<object>>().Select(step => step.Model).OfType<IDenseNeuralNetModel>();

    /// <summary>The transformers of a chain and of the chains in it, in order.</summary>
    private static IEnumerable<ITransformer> TransformersIn(ITransformer transformer) => transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(TransformersIn) : [transformer];
}
