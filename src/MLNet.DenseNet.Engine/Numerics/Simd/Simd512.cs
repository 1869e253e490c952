using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A vector of 16 lanes: 512 bits.</summary>
internal struct Simd512(Vector512<float> lanes) : ISimd<Simd512>
{
    private Vector512<float> _lanes = lanes;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void Store(float* destination) => Vector512.Store(_lanes, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator +(Simd512 left, Simd512 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator -(Simd512 left, Simd512 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator *(Simd512 left, Simd512 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 operator /(Simd512 left, Simd512 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 FusedMultiplyAdd(Simd512 x, Simd512 y, Simd512 z) => new(Vector512.FusedMultiplyAdd(x._lanes, y._lanes, z._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Simd512 sum, Simd512 x, Simd512 y) => sum._lanes = Vector512.FusedMultiplyAdd(x._lanes, y._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Simd512 sum, float x, Simd512 y) => sum._lanes = Vector512.FusedMultiplyAdd(Vector512.Create(x), y._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Abs(Simd512 value) => new(Vector512.Abs(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Sqrt(Simd512 value) => new(Vector512.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 LessThan(Simd512 left, Simd512 right) => new(Vector512.LessThan(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Equal(Simd512 left, Simd512 right) => new(Vector512.Equals(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Select(Simd512 mask, Simd512 whenTrue, Simd512 whenFalse) =>
        new(Vector512.ConditionalSelect(mask._lanes, whenTrue._lanes, whenFalse._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Min(Simd512 left, Simd512 right) => Avx512F.IsSupported ? new(Avx512F.Min(left._lanes, right._lanes)) : Select(LessThan(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Max(Simd512 left, Simd512 right) => Avx512F.IsSupported ? new(Avx512F.Max(left._lanes, right._lanes)) : Select(LessThan(right, left), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Scale(Simd512 value, Simd512 n) => Avx512F.IsSupported ? new(Avx512F.Scale(value._lanes, n._lanes)) : TwoFactors.Scale(value, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 PowerOfTwo(Simd512 n) =>
        new(((Vector512.ConvertToInt32(n._lanes) + Vector512.Create(Binary32.Bias)) << Binary32.SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Exponent(Simd512 value) =>
        new(Vector512.ConvertToSingle((value._lanes.AsInt32() >>> Binary32.SignificandBits) - Vector512.Create(Binary32.Bias)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd512 Significand(Simd512 value) =>
        new(((value._lanes.AsInt32() & Vector512.Create(Binary32.SignificandMask)) | Vector512.Create(Binary32.One)).AsSingle());
}
