using System.Runtime.CompilerServices;
using Microsoft.ML;

namespace MLNet.DenseNet;

/// <summary>Finds networks in fitted pipelines.</summary>
public static class DenseNeuralNetTransformerExtensions
{
    /// <summary>The network in a fitted or loaded pipeline, wherever it stands in it: its history and verdict, its layers and weights, its summary.</summary>
    /// <param name="transformer">What <c>Fit</c> or <c>mlContext.Model.Load</c> gave.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    /// <example>
    /// <code>
    /// var network = model.GetDenseNeuralNet();
    /// Console.WriteLine(network.Summary());
    /// Console.WriteLine(network.History?.Verdict);
    /// </code>
    /// </example>
    public static IDenseNeuralNetModel GetDenseNeuralNet(this ITransformer transformer) => NetworkIn(transformer);

    /// <summary>The same for an argument of any name.</summary>
    internal static IDenseNeuralNetModel NetworkIn(ITransformer transformer, [CallerArgumentExpression(nameof(transformer))] string? argument = null)
    {
        ArgumentNullException.ThrowIfNull(transformer, argument);
        return PredictionTransformersIn(transformer).ToArray() switch
        {
            [var step] => (IDenseNeuralNetModel)step.Model,
            [] => throw new ArgumentException($"There is no dense neural network in [{StepsOf(transformer)}].", argument),
            var several => throw new ArgumentException($"There are {several.Length} dense neural networks; go through the transformers one by one.", argument),
        };
    }

    /// <summary>The transformers whose model is a dense neural network.</summary>
    internal static IEnumerable<ISingleFeaturePredictionTransformer<object>> PredictionTransformersIn(ITransformer transformer) =>
        TransformersIn(transformer).Where(IsNetwork).Cast<ISingleFeaturePredictionTransformer<object>>();

    /// <summary>The feature column of the only network in a pipeline. The caller may put vectors in the place of keys.</summary>
    /// <param name="transformer">The pipeline.</param>
    /// <param name="asked">As of <see cref="LaterSteps.CheckNotReplaced"/>.</param>
    /// <param name="argument">What the pipeline is called by the caller.</param>
    /// <exception cref="ArgumentException">A step behind the network puts other values into it.</exception>
    internal static string FeatureColumnIn(ITransformer transformer, string asked, [CallerArgumentExpression(nameof(transformer))] string argument = "")
    {
        var step = PredictionTransformersIn(transformer).Single();
        if (((IDenseNeuralNetModel)step.Model).Layout.Keys is null)
            LaterSteps.CheckNotReplaced(transformer, step.FeatureColumnName, asked, argument);
        return step.FeatureColumnName;
    }

    /// <summary>Whether the model of a step is a dense neural network.</summary>
    internal static bool IsNetwork(ITransformer step) => step is ISingleFeaturePredictionTransformer<object> { Model: IDenseNeuralNetModel };

    /// <summary>The types of a pipeline's steps, for messages.</summary>
    internal static string StepsOf(ITransformer transformer) => string.Join(", ", TransformersIn(transformer).Select(step => step.GetType().Name));

    /// <summary>The transformers of a chain and of the chains in it, in order.</summary>
    internal static IEnumerable<ITransformer> TransformersIn(ITransformer transformer) => transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(TransformersIn) : [transformer];
}
