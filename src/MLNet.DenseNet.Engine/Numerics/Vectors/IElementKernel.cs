namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Work on arrays that the kernel holds, written once for all vector widths. No element may depend on another one.</summary>
internal interface IElementKernel
{
    /// <summary>Works on the elements from <paramref name="index"/> on, as many as <typeparamref name="TV"/> has lanes.</summary>
    void Invoke<TV>(int index) where TV : struct, ISimd<TV>;
}
