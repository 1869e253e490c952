namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// A vector of <see cref="Count"/> float32 lanes. Code generic over it is compiled once for each width, <see cref="Scalar"/> for tails included, and gives the
/// same bits for all of them, since every operation is correctly rounded (IEEE 754).
/// </summary>
/// <remarks>A comparison returns a mask for <see cref="Select"/>: all bits of a lane are set or none.</remarks>
internal interface ISimd<TSelf> where TSelf : struct, ISimd<TSelf>
{
    /// <summary>The number of lanes.</summary>
    static abstract int Count { get; }

    static abstract unsafe TSelf Load(float* source);

    unsafe void Store(float* destination);

    /// <summary>The value in every lane.</summary>
    static abstract TSelf Broadcast(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>x * y + z, rounded once.</summary>
    static abstract TSelf FusedMultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>The same added to a sum in place, so that the compiler keeps the sum in its register.</summary>
    static virtual void Accumulate(ref TSelf sum, TSelf x, TSelf y) => sum = TSelf.FusedMultiplyAdd(x, y, sum);

    /// <summary>The same with a number for all lanes, which one instruction may read from memory.</summary>
    static virtual void Accumulate(ref TSelf sum, float x, TSelf y) => sum = TSelf.FusedMultiplyAdd(TSelf.Broadcast(x), y, sum);

    static abstract TSelf Abs(TSelf value);

    static abstract TSelf Sqrt(TSelf value);

    /// <summary>A mask; not set where one is not-a-number.</summary>
    static abstract TSelf LessThan(TSelf left, TSelf right);

    /// <summary>A mask; not set where one is not-a-number, so that a value equals itself unless it is one.</summary>
    static abstract TSelf Equal(TSelf left, TSelf right);

    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    /// <summary>The smaller; the right one where one is not-a-number or both are zeros.</summary>
    static abstract TSelf Min(TSelf left, TSelf right);

    /// <summary>The larger; the right one where one is not-a-number or both are zeros.</summary>
    static abstract TSelf Max(TSelf left, TSelf right);

    /// <summary>2^n for a whole number n in [-126, 127].</summary>
    static abstract TSelf PowerOfTwo(TSelf n);

    /// <summary>value * 2^n, rounded once, for a whole number n in [-160, 160] and a value in [2^-20, 2^20].</summary>
    static abstract TSelf Scale(TSelf value, TSelf n);

    /// <summary>The unbiased exponent of a positive normal number.</summary>
    static abstract TSelf Exponent(TSelf value);

    /// <summary>The significand of a positive normal number, in [1, 2).</summary>
    static abstract TSelf Significand(TSelf value);
}
