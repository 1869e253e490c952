using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary><see cref="Philox"/> for 4 positions at once in vectors of 128 bits, one position in each lane of 32 bits. Runs on x64 and Arm64.</summary>
internal static class Philox128
{
    public const int Positions = 4;

    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => FourByFour.IsSupported;
    }

    /// <summary>Writes the words of <see cref="Positions"/> positions, position after position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(ref uint destination, ulong seed, ulong stream, ulong position)
    {
        var (x0, x1) = (
            Vector128.Create((uint)position, (uint)(position + 1), (uint)(position + 2), (uint)(position + 3)),
            Vector128.Create((uint)(position >> 32), (uint)((position + 1) >> 32), (uint)((position + 2) >> 32), (uint)((position + 3) >> 32)));
        var (x2, x3) = (Vector128.Create((uint)stream), Vector128.Create((uint)(stream >> 32)));
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        for (var round = 0; round < Philox.Rounds; round++)
        {
            var (high0, low0) = Multiply(x0, Vector128.Create(Philox.Multiplier0));
            var (high1, low1) = Multiply(x2, Vector128.Create(Philox.Multiplier1));
            (x0, x1, x2, x3) = (high1 ^ x1 ^ Vector128.Create(key0), low1, high0 ^ x3 ^ Vector128.Create(key1), low0);
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }

        var (first, second, third, fourth) = FourByFour.Transpose(x0.AsSingle(), x1.AsSingle(), x2.AsSingle(), x3.AsSingle());
        first.AsUInt32().StoreUnsafe(ref destination);
        second.AsUInt32().StoreUnsafe(ref destination, RandomBits.WordsOfPosition);
        third.AsUInt32().StoreUnsafe(ref destination, 2 * RandomBits.WordsOfPosition);
        fourth.AsUInt32().StoreUnsafe(ref destination, 3 * RandomBits.WordsOfPosition);
    }

    /// <summary>The upper and the lower halves of 64-bit products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<uint> High, Vector128<uint> Low) Multiply(Vector128<uint> x, Vector128<uint> y)
    {
        if (Sse2.IsSupported)
        {
            var (even, odd) = (Sse2.Multiply(x, y), Sse2.Multiply((x.AsUInt64() >> 32).AsUInt32(), y));
            var lower = Vector128.Create((ulong)uint.MaxValue);
            return (((even >> 32) | (odd & ~lower)).AsUInt32(), ((even & lower) | (odd << 32)).AsUInt32());
        }

        var (first, second) = (AdvSimd.MultiplyWideningLower(x.GetLower(), y.GetLower()).AsUInt32(), AdvSimd.MultiplyWideningUpper(x, y).AsUInt32());
        return (AdvSimd.Arm64.UnzipOdd(first, second), AdvSimd.Arm64.UnzipEven(first, second));
    }
}
