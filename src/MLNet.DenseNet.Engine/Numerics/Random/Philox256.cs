using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary><see cref="Philox"/> for 4 positions at once in vectors of 256 bits, one position in the lower half of each lane of 64 bits.</summary>
internal static class Philox256
{
    public const int Positions = 4;

    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx2.IsSupported;
    }

    /// <summary>Writes the words of <see cref="Positions"/> positions, position after position.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(ref uint destination, ulong seed, ulong stream, ulong position)
    {
        var positions = Vector256.Create(position, position + 1, position + 2, position + 3);
        var (x0, x1) = (positions, positions >> 32);
        var (x2, x3) = (Vector256.Create(stream), Vector256.Create(stream >> 32));
        var (multiplier0, multiplier1) = (Vector256.Create((ulong)Philox.Multiplier0).AsUInt32(), Vector256.Create((ulong)Philox.Multiplier1).AsUInt32());
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        for (var round = 0; round < Philox.Rounds; round++)
        {
            var product0 = Avx2.Multiply(x0.AsUInt32(), multiplier0);
            var product1 = Avx2.Multiply(x2.AsUInt32(), multiplier1);
            (x0, x2) = ((product1 >> 32) ^ x1 ^ Vector256.Create((ulong)key0), (product0 >> 32) ^ x3 ^ Vector256.Create((ulong)key1));
            (x1, x3) = (product1, product0);
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }

        // Each lane now holds two words of its position; the two positions of a vector half are put one after the other.
        var lower = Vector256.Create((ulong)uint.MaxValue);
        var first = (x0 & lower) | (x1 << 32);
        var second = (x2 & lower) | (x3 << 32);
        var even = Avx2.UnpackLow(first, second);
        var odd = Avx2.UnpackHigh(first, second);
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().StoreUnsafe(ref destination);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().StoreUnsafe(ref destination, 2 * RandomBits.WordsOfPosition);
    }
}
