namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Work on arrays that the kernel holds and on the values that belong to their elements, such as the gradient of each parameter. The caller loads the values, since they
/// may be laid out differently. Written once for all vector widths; no element may depend on another one.
/// </summary>
internal interface IValueKernel
{
    /// <summary>Works on the elements from <paramref name="index"/> on, as many as <typeparamref name="TV"/> has lanes.</summary>
    /// <param name="values">The values that belong to these elements.</param>
    /// <param name="index">The first element.</param>
    void Invoke<TV>(TV values, int index) where TV : struct, ISimd<TV>;
}
