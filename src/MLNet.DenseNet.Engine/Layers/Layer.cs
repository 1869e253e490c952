using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A step of a network: from one batch of rows to another. A layer object only describes; parameters belong to the network and
/// activations to a workspace, so that one layer object may stand in any number of networks and threads.
/// </summary>
/// <remarks>
/// Kinds: <see cref="DenseLayer"/>, <see cref="ConvolutionLayer"/>, <see cref="MaxPoolingLayer"/>, <see cref="AveragePoolingLayer"/>, <see cref="GlobalMaxPoolingLayer"/>, <see cref="GlobalAveragePoolingLayer"/>,
/// <see cref="RecurrentLayer"/>, <see cref="LstmLayer"/>, <see cref="GruLayer"/>, <see cref="BidirectionalLayer"/>, <see cref="EmbeddingLayer"/>, <see cref="NumericEmbeddingLayer"/>, <see cref="BatchNormalizationLayer"/>,
/// <see cref="LayerNormalizationLayer"/>, <see cref="StandardizationLayer"/>, <see cref="MissingValueLayer"/>, <see cref="PrincipalComponentsLayer"/>, <see cref="ActivationLayer"/>, <see cref="DropoutLayer"/>, <see cref="ReshapeLayer"/>, <see cref="ResidualLayer"/>,
/// <see cref="WideAndDeepLayer"/>, <see cref="EnsembleLayer"/>.
/// </remarks>
public abstract class Layer
{
    /// <summary>The most layers of a network, and of all members of an ensemble together; layers inside others count too.</summary>
    internal const int MaxCount = 10_000;

    /// <summary>How deep layers may lie in one another.</summary>
    internal const int MaxDepth = 8;

    private protected Layer() => (InnerLayers, Count) = ([], 1);

    /// <summary>A layer of a kind that has others inside it.</summary>
    /// <param name="layers">In the order of their parameters; one layer object may stand there more than once.</param>
    /// <exception cref="ArgumentException">There is no layer, there are more than 10,000, one is an ensemble, or they lie more than eight deep in one another.</exception>
    private protected Layer(IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("There must be at least one layer.", nameof(layers));
        var count = 1L;
        foreach (var layer in layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            if (layer is EnsembleLayer)
                throw new ArgumentException("An ensemble must be the last layer of a network and cannot stand inside another layer.", nameof(layers));
            (count, Depth) = (count + layer.Count, Math.Max(Depth, layer.Depth + 1));
        }

        if (count > MaxCount)
            throw new ArgumentException(FormattableString.Invariant($"A network has up to {MaxCount:N0} layers, those inside others included; {count:N0} were given."), nameof(layers));
        if (Depth > MaxDepth)
            throw new ArgumentException(FormattableString.Invariant($"Layers may lie up to {MaxDepth} deep in one another; these lie {Depth} deep."), nameof(layers));
        (InnerLayers, Count) = ([.. layers], (int)count);
    }

    /// <summary>The layers inside it, in the order of their parameters; none in most kinds.</summary>
    internal IReadOnlyList<Layer> InnerLayers { get; }

    /// <summary>How many layers this is, with all that lie inside it.</summary>
    internal int Count { get; }

    /// <summary>How deep layers lie inside it: 0 where there are none.</summary>
    internal int Depth { get; }

    /// <summary>The activation that ends the layer, or null.</summary>
    internal virtual Activation? OutputActivation => null;

    /// <summary>The shape that comes out when <paramref name="input"/> goes in.</summary>
    /// <exception cref="ArgumentException">The layer cannot take this shape.</exception>
    internal abstract Shape OutputShape(Shape input);

    /// <summary>The shape before each of the layers inside it.</summary>
    internal virtual IReadOnlyList<Shape> InnerInputs(Shape input) => [];

    /// <summary>What one of the layers inside it is called in the names of its parameters, such as "2.weights".</summary>
    internal virtual string InnerName(int index) => FormattableString.Invariant($"{index + 1}");

    /// <summary>The arrays that the layer itself needs for this input.</summary>
    internal virtual IReadOnlyList<ParameterSpecification> Parameters(Shape input) => [];

    /// <summary>The arrays of the layer itself, then those of the layers inside it.</summary>
    internal IReadOnlyList<ParameterSpecification> AllParameters(Shape input)
    {
        if (InnerLayers.Count == 0)
            return Parameters(input);
        var inputs = InnerInputs(input);
        var parameters = Parameters(input).ToList();
        for (var i = 0; i < InnerLayers.Count; i++)
        {
            var name = InnerName(i);
            try
            {
                parameters.AddRange(InnerLayers[i].AllParameters(inputs[i]).Select(wanted => wanted with { Name = $"{name}.{wanted.Name}" }));
            }
            catch (ArgumentException error)
            {
                throw ShapeErrors.Inside(error, i, InnerLayers, inputs[i]);
            }
        }

        return parameters;
    }

    /// <summary>Gives the layer's own parameters their initial values; they are zero before.</summary>
    internal virtual void Initialize(NetworkLayer layer, RandomBits random)
    {
    }

    /// <summary>Memory that the forward pass fills for the backward pass, besides input and output. There is none at prediction.</summary>
    internal virtual LayerMemory Cache(Shape input) => default;

    /// <summary>Memory that each pass uses only while it computes, in training and at prediction.</summary>
    internal virtual LayerMemory Scratch(Shape input) => default;

    /// <summary>How many values the layer holds for each row: its output, its cache and its scratch memory.</summary>
    internal long ValuesPerRow(Shape input) => (long)OutputShape(input).Size + Cache(input).PerRow + Scratch(input).PerRow;

    /// <summary>The layer without the activation that ends it.</summary>
    internal virtual Layer WithoutActivation() => this;

    /// <summary>Its forward and backward pass in a place of a network.</summary>
    /// <returns>Null for an ensemble, which computes nothing itself: it stands for several networks.</returns>
    internal abstract LayerPasses? Bind(NetworkLayer layer);

    /// <summary>Adds the layer, as it is at prediction, to an ONNX graph.</summary>
    /// <param name="input">What comes in.</param>
    /// <param name="layer">The layer in its place.</param>
    /// <returns>What goes out.</returns>
    internal abstract OnnxRows ToOnnx(OnnxRows input, NetworkLayer layer);

    /// <summary>For each output the input that it comes from; null where an output may come from several.</summary>
    internal virtual int[]? Sources(Shape input) => null;

    /// <summary>Writes what the layer's constructor needs; the kind's identifier is written by the caller.</summary>
    internal abstract void Write(BinaryWriter writer);
}
