using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The forward and the backward pass of a layer in its place in a network.</summary>
/// <remarks>Made once, with the network, for the shapes and parameters of that place. Whatever depends on these alone is computed then, and not in every pass.</remarks>
internal abstract class LayerPasses
{
    /// <summary>Whether it computes on sparse rows as they are; for other layers they are written out, zeros included.</summary>
    public virtual bool TakesSparse => false;

    /// <summary>
    /// Lets sparse rows through as other sparse rows, before the first layer that computes. Neither pass is called then. Only a layer that learns nothing
    /// and maps 0 to 0, but for columns that it stores, can do so.
    /// </summary>
    /// <param name="rows">The rows; changed where they pass.</param>
    /// <param name="memory">For rows that are no view of the same values.</param>
    /// <returns>Whether they do.</returns>
    public virtual bool PassesThrough(ref CsrMatrix rows, CsrMemory memory) => false;

    /// <summary>Which columns of the output's gradient the backward pass does not read where nobody needs that of the input: for each <see cref="PanelLayout.UnreadUnit"/> of them, whether all are such. Empty where it reads all.</summary>
    public virtual ReadOnlySpan<bool> UnreadGradient => [];

    /// <summary>Fills the output, and the cache for the backward pass.</summary>
    public abstract void Forward(in ForwardPass pass);

    /// <summary>Computes the gradients of parameters and input from the output gradient.</summary>
    public abstract void Backward(in BackwardPass pass);
}
