namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>What a thread does to its part of a row-major matrix, before a product with it or once it has computed it.</summary>
internal unsafe interface IPartWork
{
    void Do(float* matrix, MatrixPart part);
}
