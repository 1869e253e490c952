using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// A step of a network: from one batch of rows to another. A layer object only describes; parameters belong to the network and
/// activations to a workspace, so that one layer object may stand in any number of networks and threads.
/// </summary>
/// <remarks>Kinds: <see cref="DenseLayer"/>, <see cref="DropoutLayer"/>, <see cref="StandardizationLayer"/>, <see cref="EnsembleLayer"/>.</remarks>
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

    /// <summary>For an ensemble, the layers of each member in their places, up to its logits; none for other kinds.</summary>
    /// <param name="index">The ensemble's position in the network.</param>
    /// <param name="input">The shape of one row of its input.</param>
    /// <param name="parameters">Its parameters.</param>
    internal virtual NetworkLayer[][] BindMembers(int index, Shape input, IReadOnlyList<Parameter> parameters) => [];

    /// <summary>How many values a row are kept from the forward for the backward pass, besides input and output. At prediction there is no room for them.</summary>
    internal virtual int CachePerRow(Shape input) => 0;

    /// <summary>How many values a row the forward pass needs for itself alone; they come where else the cache is, which such a layer does not have.</summary>
    internal virtual int ScratchPerRow(Shape input) => 0;

    /// <summary>How many values a row a training keeps of the layer, in all members of an ensemble.</summary>
    internal virtual long ValuesPerRow(Shape input) => (long)OutputShape(input).Size + CachePerRow(input);

    /// <summary>The layer without the activation that ends it.</summary>
    internal virtual Layer WithoutActivation() => this;

    /// <summary>Whether it computes on sparse rows as they are; for other layers they are written out, zeros included.</summary>
    internal virtual bool TakesSparse => false;

    /// <summary>
    /// Whether, in front of all other layers, it hands sparse rows on as another view of the same values: neither its forward nor its backward pass is
    /// called then. Such a layer learns nothing and leaves zeros 0.
    /// </summary>
    internal virtual bool HandsOnSparse(NetworkLayer layer) => false;

    /// <summary>What it hands on.</summary>
    internal virtual CsrMatrix HandOn(NetworkLayer layer, CsrMatrix rows) => rows;

    internal abstract void Forward(in ForwardPass pass);

    /// <summary>Turns the gradient of the output into the gradients of parameters and input.</summary>
    internal abstract void Backward(in BackwardPass pass);

    /// <summary>Writes what the layer's constructor needs; the kind's identifier is written by the caller.</summary>
    internal abstract void Write(BinaryWriter writer);
}
