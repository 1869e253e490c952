namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>An optimizer step inside a product: it changes values of a large parameter as soon as their gradient is complete. Both are then still in the cache of the thread that computed it.</summary>
internal unsafe interface IFusedUpdate
{
    /// <summary>Applies the gradient of some values. Each value comes once in a step, from any thread.</summary>
    /// <param name="gradient">(length).</param>
    /// <param name="first">Where the values begin in the buffer of all parameters.</param>
    /// <param name="length">How many values.</param>
    /// <param name="isDecayed">Whether weight decay applies.</param>
    void Apply(float* gradient, int first, int length, bool isDecayed);
}
