namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>No work: for a product with nothing before or after it.</summary>
internal readonly struct NoWork : IPartWork
{
    public void Do(MatrixPart part)
    {
    }
}
