namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The layout of a float32 (IEEE 754 binary32).</summary>
internal static class Binary32
{
    public const int SignificandBits = 23;
    public const int SignificandMask = (1 << SignificandBits) - 1;
    public const int Bias = 127;

    /// <summary>The bits of 1.</summary>
    public const int One = Bias << SignificandBits;
}
