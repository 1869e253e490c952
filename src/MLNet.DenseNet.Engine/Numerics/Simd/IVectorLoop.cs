namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A loop over a range of elements or columns in steps of whole vectors, written once for all vector widths. <see cref="VectorWidths"/> runs it.</summary>
internal interface IVectorLoop
{
    /// <summary>Does as much of [first, end) as fills vectors of <typeparamref name="TV"/>, from the first on.</summary>
    /// <returns>The first element that is left.</returns>
    int Run<TV>(int first, int end) where TV : struct, ISimd<TV>;
}
