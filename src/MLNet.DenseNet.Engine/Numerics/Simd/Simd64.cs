using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A vector of 2 lanes: the lower half of one of 4, whose upper half is of no use.</summary>
internal readonly struct Simd64(Simd128 lanes) : ISimd<Simd64>
{
    private readonly Simd128 _lanes = lanes;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Simd64 Load(float* source) => new(new Simd128(Vector128.CreateScalar(*(ulong*)source).AsSingle()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(float* destination) => *(ulong*)destination = _lanes.Lanes.AsUInt64().ToScalar();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Broadcast(float value) => new(Simd128.Broadcast(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 operator +(Simd64 left, Simd64 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 operator -(Simd64 left, Simd64 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 operator *(Simd64 left, Simd64 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 operator /(Simd64 left, Simd64 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 FusedMultiplyAdd(Simd64 x, Simd64 y, Simd64 z) => new(Simd128.FusedMultiplyAdd(x._lanes, y._lanes, z._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Abs(Simd64 value) => new(Simd128.Abs(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Sqrt(Simd64 value) => new(Simd128.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 LessThan(Simd64 left, Simd64 right) => new(Simd128.LessThan(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Equal(Simd64 left, Simd64 right) => new(Simd128.Equal(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Select(Simd64 mask, Simd64 whenTrue, Simd64 whenFalse) => new(Simd128.Select(mask._lanes, whenTrue._lanes, whenFalse._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Min(Simd64 left, Simd64 right) => new(Simd128.Min(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Max(Simd64 left, Simd64 right) => new(Simd128.Max(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 PowerOfTwo(Simd64 n) => new(Simd128.PowerOfTwo(n._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Scale(Simd64 value, Simd64 n) => new(Simd128.Scale(value._lanes, n._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Exponent(Simd64 value) => new(Simd128.Exponent(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Simd64 Significand(Simd64 value) => new(Simd128.Significand(value._lanes));
}
