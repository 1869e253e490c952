using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>The layers that options make.</summary>
internal static class NetworkLayers
{
    /// <summary>The layers of a network: what comes before the hidden layers, these, and the output layer, or an ensemble of them.</summary>
    /// <param name="options">Say which hidden layers; what is left open is that of <see cref="DenseNeuralNetOptions.DefaultHiddenLayers"/>.</param>
    /// <param name="input">The shape of a row of features.</param>
    /// <param name="outputs">The outputs of the last layer.</param>
    /// <param name="outputActivation">Its activation.</param>
    /// <param name="first">What comes before the hidden layers.</param>
    public static IReadOnlyList<Layer> Of(DenseNeuralNetOptions options, Shape input, int outputs, Activation outputActivation, TableLayers first)
    {
        var hidden = options.Layers ?? (HaveConvolutions(options, input) ? ConvolutionLayers.For(input, options.Activation, options.DropoutRate) : DenseLayers(options));
        var layers = first.With([.. hidden, new DenseLayer(outputs, outputActivation)], input.Size);
        if (options.EnsembleSize is > 1 and var size)
            layers = [new EnsembleLayer(size, layers)];
        Layer?[] before = [first.Missing, first.Standardization, first.Components];
        return [.. before.OfType<Layer>(), .. layers];
    }

    /// <summary>Whether they are those of a network for images or sequences: where nobody says what else it should be.</summary>
    public static bool HaveConvolutions(DenseNeuralNetOptions options, Shape input) => options is { Layers: null, HiddenLayers: null } && ConvolutionLayers.Suit(input);

    /// <summary>The units of a network's hidden layers; null where it has others than are made of the option.</summary>
    public static int[]? HiddenUnits(Network network)
    {
        var layers = network.Members[0].Layers.SelectMany(place => place.Layer is WideAndDeepLayer beside ? beside.Layers : [place.Layer]).ToList();
        return layers.All(layer => layer is DenseLayer or DropoutLayer or StandardizationLayer or MissingValueLayer or PrincipalComponentsLayer or NumericEmbeddingLayer or ActivationLayer) ? [.. layers.OfType<DenseLayer>().SkipLast(1).Select(layer => layer.Units)] : null;
    }

    private static IEnumerable<Layer> DenseLayers(DenseNeuralNetOptions options)
    {
        foreach (var units in options.HiddenLayers ?? DenseNeuralNetOptions.DefaultHiddenLayers)
        {
            yield return new DenseLayer(units, options.Activation);
            if (options.DropoutRate > 0)
                yield return new DropoutLayer(options.DropoutRate);
        }
    }
}
