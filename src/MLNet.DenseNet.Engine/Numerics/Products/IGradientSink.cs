namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Takes the gradient of a large parameter a part at a time, while the part is still in the cache of the thread that computed it.</summary>
internal unsafe interface IGradientSink
{
    /// <summary>Called once for each part, from any of the threads that compute them.</summary>
    /// <param name="gradient">(length).</param>
    /// <param name="first">Where the part begins in the block of all parameters.</param>
    /// <param name="length">How many values.</param>
    /// <param name="isDecayed">Whether weight decay applies.</param>
    void Take(float* gradient, int first, int length, bool isDecayed);
}

/// <summary>Where a product's result goes instead of to memory of its own.</summary>
/// <param name="Sink">What takes it; null for none.</param>
/// <param name="Offset">Where the parameter begins in the block of all parameters.</param>
/// <param name="IsDecayed">Whether weight decay applies.</param>
internal readonly record struct GradientTarget(IGradientSink? Sink, int Offset, bool IsDecayed);
