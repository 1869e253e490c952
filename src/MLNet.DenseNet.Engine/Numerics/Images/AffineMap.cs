namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The affine map from a pixel (x, y) of the result to its place in the source: x' = XX x + XY y + X0, y' = YX x + YY y + Y0. The center of an image's first pixel is (0, 0).</summary>
internal readonly record struct AffineMap(float XX, float XY, float X0, float YX, float YY, float Y0);
