namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Work on a range of indices that can be done part by part.</summary>
internal interface IRangeWork
{
    /// <summary>Does the indices from one to another. May be called from any thread.</summary>
    void Do(int first, int end);
}
