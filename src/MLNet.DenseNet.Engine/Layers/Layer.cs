using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A step of a network: from one batch of rows to another. A layer object only describes; parameters belong to the network and
/// activations to a workspace, so that one layer object may stand in any number of networks and threads.
/// </summary>
/// <remarks>Kinds: <see cref="DenseLayer"/>, <see cref="DropoutLayer"/>, <see cref="StandardizationLayer"/>, <see cref="ConvolutionLayer"/>, <see cref="MaxPoolingLayer"/>, <see cref="AveragePoolingLayer"/>, <see cref="GlobalMaxPoolingLayer"/>, <see cref="GlobalAveragePoolingLayer"/>, <see cref="RecurrentLayer"/>, <see cref="LstmLayer"/>, <see cref="GruLayer"/>, <see cref="BidirectionalLayer"/>, <see cref="ActivationLayer"/>, <see cref="ReshapeLayer"/>, <see cref="EnsembleLayer"/>.</remarks>
public abstract class Layer
{
    /// <summary>The most layers of a network, and of all members of an ensemble together.</summary>
    internal const int MaxCount = 10_000;

    private protected Layer()
    {
    }

    /// <summary>The activation that ends the layer, or null.</summary>
    internal virtual Activation? OutputActivation => null;

    /// <summary>The shape that comes out when <paramref name="input"/> goes in.</summary>
    /// <exception cref="ArgumentException">The layer cannot take this shape.</exception>
    internal abstract Shape OutputShape(Shape input);

    /// <summary>The arrays that the layer needs for this input.</summary>
    internal virtual IReadOnlyList<ParameterSpecification> Parameters(Shape input) => [];

    /// <summary>Gives the parameters their initial values; they are zero before.</summary>
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

    /// <summary>Writes what the layer's constructor needs; the kind's identifier is written by the caller.</summary>
    internal abstract void Write(BinaryWriter writer);
}
