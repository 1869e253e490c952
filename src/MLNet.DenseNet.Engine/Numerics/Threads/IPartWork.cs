namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Work on a matrix that can be done part by part.</summary>
internal interface IPartWork
{
    /// <summary>Does one part. May be called from any thread.</summary>
    void Do(MatrixPart part);
}
