using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>What a layer computes in its place in a network: the way of a batch through it, and the way of the gradient back.</summary>
/// <remarks>Bound once, when the network is made, to the shapes and parameters of that place, so that whatever depends on these alone is found there and not in every pass.</remarks>
internal abstract class LayerPasses
{
    /// <summary>Whether it computes on sparse rows as they are; for other layers they are written out, zeros included.</summary>
    public virtual bool TakesSparse => false;

    /// <summary>
    /// Lets sparse rows through as another view of the same values, in front of all layers that compute: neither of the passes is called then. Only for a layer that
    /// learns nothing and leaves zeros 0.
    /// </summary>
    /// <param name="rows">The rows; changed where they pass.</param>
    /// <returns>Whether they do.</returns>
    public virtual bool PassesThrough(ref CsrMatrix rows) => false;

    /// <summary>Fills the output, and what the way back needs.</summary>
    public abstract void Forward(in ForwardPass pass);

    /// <summary>Turns the gradient of the output into the gradients of parameters and input.</summary>
    public abstract void Backward(in BackwardPass pass);
}
