namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A function of one element, written once for all vector widths.</summary>
internal interface IUnaryOperator
{
    TV Invoke<TV>(TV x) where TV : struct, ISimd<TV>;
}
