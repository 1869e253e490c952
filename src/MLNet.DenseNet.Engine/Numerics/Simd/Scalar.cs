using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A vector of one lane, for tails and single values.</summary>
internal readonly struct Scalar(float value) : ISimd<Scalar>
{
    public float Value { get; } = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Scalar Load(float* source) => new(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* destination) => *destination = Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Broadcast(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator +(Scalar left, Scalar right) => new(left.Value + right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator -(Scalar left, Scalar right) => new(left.Value - right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator *(Scalar left, Scalar right) => new(left.Value * right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar operator /(Scalar left, Scalar right) => new(left.Value / right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar FusedMultiplyAdd(Scalar x, Scalar y, Scalar z) => new(MathF.FusedMultiplyAdd(x.Value, y.Value, z.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Abs(Scalar value) => new(MathF.Abs(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Sqrt(Scalar value) => new(MathF.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar LessThan(Scalar left, Scalar right) => Mask(left.Value < right.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Equal(Scalar left, Scalar right) => Mask(left.Value == right.Value);

    /// <summary>A mask for <see cref="Select"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Mask(bool isSet) => FromBits(isSet ? -1 : 0);

    /// <summary>By bits: a branch on values would mostly be mispredicted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Select(Scalar mask, Scalar whenTrue, Scalar whenFalse) => FromBits((Bits(mask) & Bits(whenTrue)) | (~Bits(mask) & Bits(whenFalse)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Min(Scalar left, Scalar right) => Select(LessThan(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Max(Scalar left, Scalar right) => Select(LessThan(right, left), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Scale(Scalar value, Scalar n) => TwoFactors.Scale(value, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar PowerOfTwo(Scalar n) => FromBits(((int)n.Value + Binary32.Bias) << Binary32.SignificandBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Exponent(Scalar value) => new((Bits(value) >>> Binary32.SignificandBits) - Binary32.Bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Scalar Significand(Scalar value) => FromBits((Bits(value) & Binary32.SignificandMask) | Binary32.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bits(Scalar value) => BitConverter.SingleToInt32Bits(value.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Scalar FromBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));
}
