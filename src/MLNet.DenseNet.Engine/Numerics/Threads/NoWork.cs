namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>For a product by itself: nothing is done before it or after it.</summary>
internal readonly struct NoWork : IPartWork
{
    public void Do(MatrixPart part)
    {
    }
}
