using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary><see cref="Philox"/> for 16 positions at once in vectors of 512 bits, one position in the lower half of each lane of 64 bits.</summary>
internal static class Philox512
{
    public const int Positions = 2 * Eight.Positions;

    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.IsSupported;
    }

    /// <summary>Writes the words of <see cref="Positions"/> positions, position after position. Eight and eight, so that the processor works on one half while the other waits for its products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fill(ref uint destination, ulong seed, ulong stream, ulong position)
    {
        var (first, second) = (new Eight(position, stream), new Eight(position + Eight.Positions, stream));
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
        for (var round = 0; round < Philox.Rounds; round++)
        {
            first.Mix(key0, key1);
            second.Mix(key0, key1);
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }

        first.Store(ref destination);
        second.Store(ref Unsafe.Add(ref destination, Eight.Positions * RandomBits.WordsOfPosition));
    }

    /// <summary>The state of eight positions.</summary>
    private struct Eight
    {
        public const int Positions = 8;

        private Vector512<ulong> _x0;
        private Vector512<ulong> _x1;
        private Vector512<ulong> _x2;
        private Vector512<ulong> _x3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Eight(ulong position, ulong stream)
        {
            _x0 = Vector512.Create(position) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
            _x1 = _x0 >> 32;
            (_x2, _x3) = (Vector512.Create(stream), Vector512.Create(stream >> 32));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Mix(uint key0, uint key1)
        {
            var product0 = Avx512F.Multiply(_x0.AsUInt32(), Vector512.Create((ulong)Philox.Multiplier0).AsUInt32());
            var product1 = Avx512F.Multiply(_x2.AsUInt32(), Vector512.Create((ulong)Philox.Multiplier1).AsUInt32());
            (_x0, _x2) = ((product1 >> 32) ^ _x1 ^ Vector512.Create((ulong)key0), (product0 >> 32) ^ _x3 ^ Vector512.Create((ulong)key1));
            (_x1, _x3) = (product1, product0);
        }

        /// <summary>Each lane holds two words of its position in either vector; they are put one after the other.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(ref uint destination)
        {
            var lower = Vector512.Create((ulong)uint.MaxValue);
            var first = (_x0 & lower) | (_x1 << 32);
            var second = (_x2 & lower) | (_x3 << 32);
            Avx512F.PermuteVar8x64x2(first, Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11), second).AsUInt32().StoreUnsafe(ref destination);
            Avx512F.PermuteVar8x64x2(first, Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15), second).AsUInt32().StoreUnsafe(ref destination, Positions / 2 * RandomBits.WordsOfPosition);
        }
    }
}
