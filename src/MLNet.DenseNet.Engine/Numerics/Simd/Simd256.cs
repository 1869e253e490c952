using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A vector of 8 lanes: 256 bits.</summary>
internal struct Simd256(Vector256<float> lanes) : ISimd<Simd256>
{
    private Vector256<float> _lanes = lanes;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void Store(float* destination) => Vector256.Store(_lanes, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator +(Simd256 left, Simd256 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator -(Simd256 left, Simd256 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator *(Simd256 left, Simd256 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 operator /(Simd256 left, Simd256 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 FusedMultiplyAdd(Simd256 x, Simd256 y, Simd256 z) => new(Vector256.FusedMultiplyAdd(x._lanes, y._lanes, z._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Simd256 sum, Simd256 x, Simd256 y) => sum._lanes = Vector256.FusedMultiplyAdd(x._lanes, y._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Simd256 sum, float x, Simd256 y) => sum._lanes = Vector256.FusedMultiplyAdd(Vector256.Create(x), y._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Abs(Simd256 value) => new(Vector256.Abs(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Sqrt(Simd256 value) => new(Vector256.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 LessThan(Simd256 left, Simd256 right) => new(Vector256.LessThan(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Equal(Simd256 left, Simd256 right) => new(Vector256.Equals(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Select(Simd256 mask, Simd256 whenTrue, Simd256 whenFalse) =>
        new(Vector256.ConditionalSelect(mask._lanes, whenTrue._lanes, whenFalse._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Min(Simd256 left, Simd256 right) => Avx.IsSupported ? new(Avx.Min(left._lanes, right._lanes)) : Select(LessThan(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Max(Simd256 left, Simd256 right) => Avx.IsSupported ? new(Avx.Max(left._lanes, right._lanes)) : Select(LessThan(right, left), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Scale(Simd256 value, Simd256 n) => Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(value._lanes, n._lanes)) : TwoFactors.Scale(value, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 PowerOfTwo(Simd256 n) =>
        new(((Vector256.ConvertToInt32(n._lanes) + Vector256.Create(Binary32.Bias)) << Binary32.SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Exponent(Simd256 value) =>
        new(Vector256.ConvertToSingle((value._lanes.AsInt32() >>> Binary32.SignificandBits) - Vector256.Create(Binary32.Bias)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd256 Significand(Simd256 value) =>
        new(((value._lanes.AsInt32() & Vector256.Create(Binary32.SignificandMask)) | Vector256.Create(Binary32.One)).AsSingle());
}
