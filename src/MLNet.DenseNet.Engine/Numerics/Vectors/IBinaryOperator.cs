namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A function of two elements, written once for all vector widths.</summary>
internal interface IBinaryOperator
{
    TV Invoke<TV>(TV x, TV y) where TV : struct, ISimd<TV>;
}
