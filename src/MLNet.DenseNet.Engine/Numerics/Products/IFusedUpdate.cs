namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>An optimizer step that is part of the product: it changes some values of a large parameter as soon as their gradient is complete, while both are in the cache of the thread that computed it.</summary>
internal unsafe interface IFusedUpdate
{
    /// <summary>Applies the gradient of some values. Called once for each of them, from any of the threads that compute them.</summary>
    /// <param name="gradient">(length).</param>
    /// <param name="first">Where the values begin in the block of all parameters.</param>
    /// <param name="length">How many values.</param>
    /// <param name="isDecayed">Whether weight decay applies.</param>
    void Apply(float* gradient, int first, int length, bool isDecayed);
}
