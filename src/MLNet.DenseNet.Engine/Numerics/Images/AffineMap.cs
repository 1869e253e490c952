namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>From a pixel of the result to a place in the source: x' = XX x + XY y + X0, y' = YX x + YY y + Y0. Pixels are at whole numbers, the first of an image at 0, 0.</summary>
internal readonly record struct AffineMap(float XX, float XY, float X0, float YX, float YY, float Y0);
