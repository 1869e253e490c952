using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A vector of 4 lanes: 128 bits.</summary>
internal struct Simd128(Vector128<float> lanes) : ISimd<Simd128>
{
    private Vector128<float> _lanes = lanes;

    public static int Count => 4;

    public Vector128<float> Lanes => _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly unsafe void Store(float* destination) => Vector128.Store(_lanes, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator +(Simd128 left, Simd128 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator -(Simd128 left, Simd128 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator *(Simd128 left, Simd128 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 operator /(Simd128 left, Simd128 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 FusedMultiplyAdd(Simd128 x, Simd128 y, Simd128 z) => new(Vector128.FusedMultiplyAdd(x._lanes, y._lanes, z._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Simd128 sum, Simd128 x, Simd128 y) => sum._lanes = Vector128.FusedMultiplyAdd(x._lanes, y._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Simd128 sum, float x, Simd128 y) => sum._lanes = Vector128.FusedMultiplyAdd(Vector128.Create(x), y._lanes, sum._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Abs(Simd128 value) => new(Vector128.Abs(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Sqrt(Simd128 value) => new(Vector128.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 LessThan(Simd128 left, Simd128 right) => new(Vector128.LessThan(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Equal(Simd128 left, Simd128 right) => new(Vector128.Equals(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Select(Simd128 mask, Simd128 whenTrue, Simd128 whenFalse) =>
        new(Vector128.ConditionalSelect(mask._lanes, whenTrue._lanes, whenFalse._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Min(Simd128 left, Simd128 right) => Sse.IsSupported ? new(Sse.Min(left._lanes, right._lanes)) : Select(LessThan(left, right), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Max(Simd128 left, Simd128 right) => Sse.IsSupported ? new(Sse.Max(left._lanes, right._lanes)) : Select(LessThan(right, left), left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Scale(Simd128 value, Simd128 n) => Avx512F.VL.IsSupported ? new(Avx512F.VL.Scale(value._lanes, n._lanes)) : TwoFactors.Scale(value, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 PowerOfTwo(Simd128 n) =>
        new(((Vector128.ConvertToInt32(n._lanes) + Vector128.Create(Binary32.Bias)) << Binary32.SignificandBits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Exponent(Simd128 value) =>
        new(Vector128.ConvertToSingle((value._lanes.AsInt32() >>> Binary32.SignificandBits) - Vector128.Create(Binary32.Bias)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd128 Significand(Simd128 value) =>
        new(((value._lanes.AsInt32() & Vector128.Create(Binary32.SignificandMask)) | Vector128.Create(Binary32.One)).AsSingle());
}
