using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Counter-based random bits: the value at a position depends on seed, stream and position alone, so it does not matter who
/// draws it, or when. Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
/// </summary>
internal readonly struct RandomBits(ulong seed, ulong stream)
{
    /// <summary>The words of a position.</summary>
    public const int WordsOfPosition = 4;

    private const int FourPositions = 4 * WordsOfPosition;
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    private readonly ulong _seed = seed;
    private readonly ulong _stream = stream;

    /// <summary>Four independent 32-bit words at a position.</summary>
    public (uint X0, uint X1, uint X2, uint X3) this[ulong position]
    {
        get
        {
            var (x0, x1, x2, x3) = ((uint)position, (uint)(position >> 32), (uint)_stream, (uint)(_stream >> 32));
            var (key0, key1) = ((uint)_seed, (uint)(_seed >> 32));
            for (var round = 0; round < Rounds; round++)
            {
                var product0 = (ulong)Multiplier0 * x0;
                var product1 = (ulong)Multiplier1 * x2;
                (x0, x1, x2, x3) = ((uint)(product1 >> 32) ^ x1 ^ key0, (uint)product1, (uint)(product0 >> 32) ^ x3 ^ key1, (uint)product0);
                key0 += Weyl0;
                key1 += Weyl1;
            }

            return (x0, x1, x2, x3);
        }
    }

    /// <summary>Fills with the words of consecutive positions, four of each.</summary>
    /// <param name="words">Any number; of the last position as many as there is room for.</param>
    /// <param name="position">The first position.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(Span<uint> words, ulong position)
    {
        for (; Avx512F.IsSupported && words.Length >= 4 * FourPositions; words = words[(4 * FourPositions)..], position += 4 * FourPositions / WordsOfPosition)
            FillSixteen(ref words[0], position);

        for (; Avx2.IsSupported && words.Length >= FourPositions; words = words[FourPositions..], position += FourPositions / WordsOfPosition)
            FillFour(ref words[0], position);

        for (; FourByFour.IsSupported && words.Length >= FourPositions; words = words[FourPositions..], position += FourPositions / WordsOfPosition)
            FillFourLanes(ref words[0], position);

        for (; !words.IsEmpty; position++)
        {
            var (x0, x1, x2, x3) = this[position];
            ReadOnlySpan<uint> four = [x0, x1, x2, x3];
            var count = Math.Min(WordsOfPosition, words.Length);
            four[..count].CopyTo(words);
            words = words[count..];
        }
    }

    /// <summary>Fills with numbers from the uniform distribution over [-limit, limit), each by its position.</summary>
    /// <param name="destination">The numbers.</param>
    /// <param name="limit">The largest magnitude.</param>
    /// <param name="first">The position of the first one.</param>
    public void FillUniform(Span<float> destination, float limit, ulong first = 0)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = ((int)(this[first + (ulong)i].X0 >> 8) - (1 << 23)) * (limit / (1 << 23));
    }

    /// <summary>A word as a number from the uniform distribution over [-1, 1).</summary>
    public static float ToUniform(uint word) => ((int)(word >> 8) - (1 << 23)) * (1f / (1 << 23));

    /// <summary>A word as a whole number from 0 to count - 1, each equally likely but for a bias below count / 2^32.</summary>
    public static int ToIndex(uint word, int count) => (int)(((ulong)word * (uint)count) >> 32);

    /// <summary>Puts the items in a random order, each order equally likely (Fisher and Yates; Durstenfeld's form).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Shuffle(Span<int> items)
    {
        const int ItemsAtOnce = 128;
        Span<ulong> draws = stackalloc ulong[ItemsAtOnce];
        var position = 0UL;
        for (var last = items.Length - 1; last > 0;)
        {
            Fill(MemoryMarshal.Cast<ulong, uint>(draws), position);
            position += 2 * ItemsAtOnce / WordsOfPosition;
            for (var i = 0; i < ItemsAtOnce && last > 0; i++, last--)
            {
                // The high word of a 128-bit product scales to [0, last] with a bias below 2^-32.
                var draw = BitConverter.IsLittleEndian ? draws[i] : ulong.RotateLeft(draws[i], 32);
                var other = (int)Math.BigMul(draw, (ulong)last + 1, out _);
                (items[last], items[other]) = (items[other], items[last]);
            }
        }
    }

    /// <summary>The words of sixteen positions, eight and eight: the rounds of one are worked on while those of the other are waited for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillSixteen(ref uint destination, ulong position)
    {
        var (first, second) = (new EightPositions(position, _stream), new EightPositions(position + 8, _stream));
        var (key0, key1) = ((uint)_seed, (uint)(_seed >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            first.Mix(key0, key1);
            second.Mix(key0, key1);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        first.Store(ref destination);
        second.Store(ref Unsafe.Add(ref destination, 2 * FourPositions));
    }

    /// <summary>The words of four positions at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillFour(ref uint destination, ulong position)
    {
        var positions = Vector256.Create(position, position + 1, position + 2, position + 3);
        var (x0, x1) = (positions, positions >> 32);
        var (x2, x3) = (Vector256.Create(_stream), Vector256.Create(_stream >> 32));
        var (multiplier0, multiplier1) = (Vector256.Create((ulong)Multiplier0).AsUInt32(), Vector256.Create((ulong)Multiplier1).AsUInt32());
        var (key0, key1) = ((uint)_seed, (uint)(_seed >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = Avx2.Multiply(x0.AsUInt32(), multiplier0);
            var product1 = Avx2.Multiply(x2.AsUInt32(), multiplier1);
            (x0, x2) = ((product1 >> 32) ^ x1 ^ Vector256.Create((ulong)key0), (product0 >> 32) ^ x3 ^ Vector256.Create((ulong)key1));
            (x1, x3) = (product1, product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        var lower = Vector256.Create((ulong)uint.MaxValue);
        var first = (x0 & lower) | (x1 << 32);
        var second = (x2 & lower) | (x3 << 32);
        var even = Avx2.UnpackLow(first, second);
        var odd = Avx2.UnpackHigh(first, second);
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().StoreUnsafe(ref destination);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().StoreUnsafe(ref destination, FourPositions / 2);
    }

    /// <summary>The words of four positions at once, one in each 32-bit lane: where vectors have 128 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FillFourLanes(ref uint destination, ulong position)
    {
        var (x0, x1) = (
            Vector128.Create((uint)position, (uint)(position + 1), (uint)(position + 2), (uint)(position + 3)),
            Vector128.Create((uint)(position >> 32), (uint)((position + 1) >> 32), (uint)((position + 2) >> 32), (uint)((position + 3) >> 32)));
        var (x2, x3) = (Vector128.Create((uint)_stream), Vector128.Create((uint)(_stream >> 32)));
        var (key0, key1) = ((uint)_seed, (uint)(_seed >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var (high0, low0) = Multiply(x0, Vector128.Create(Multiplier0));
            var (high1, low1) = Multiply(x2, Vector128.Create(Multiplier1));
            (x0, x1, x2, x3) = (high1 ^ x1 ^ Vector128.Create(key0), low1, high0 ^ x3 ^ Vector128.Create(key1), low0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        var (first, second, third, fourth) = FourByFour.Transpose(x0.AsSingle(), x1.AsSingle(), x2.AsSingle(), x3.AsSingle());
        first.AsUInt32().StoreUnsafe(ref destination);
        second.AsUInt32().StoreUnsafe(ref destination, WordsOfPosition);
        third.AsUInt32().StoreUnsafe(ref destination, 2 * WordsOfPosition);
        fourth.AsUInt32().StoreUnsafe(ref destination, 3 * WordsOfPosition);
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

    /// <summary>The words of eight positions at once, one in each 64-bit lane, of which the lower half counts.</summary>
    private struct EightPositions
    {
        private Vector512<ulong> _x0;
        private Vector512<ulong> _x1;
        private Vector512<ulong> _x2;
        private Vector512<ulong> _x3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public EightPositions(ulong position, ulong stream)
        {
            _x0 = Vector512.Create(position) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7);
            _x1 = _x0 >> 32;
            (_x2, _x3) = (Vector512.Create(stream), Vector512.Create(stream >> 32));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Mix(uint key0, uint key1)
        {
            var product0 = Avx512F.Multiply(_x0.AsUInt32(), Vector512.Create((ulong)Multiplier0).AsUInt32());
            var product1 = Avx512F.Multiply(_x2.AsUInt32(), Vector512.Create((ulong)Multiplier1).AsUInt32());
            (_x0, _x2) = ((product1 >> 32) ^ _x1 ^ Vector512.Create((ulong)key0), (product0 >> 32) ^ _x3 ^ Vector512.Create((ulong)key1));
            (_x1, _x3) = (product1, product0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(ref uint destination)
        {
            var lower = Vector512.Create((ulong)uint.MaxValue);
            var first = (_x0 & lower) | (_x1 << 32);
            var second = (_x2 & lower) | (_x3 << 32);
            Avx512F.PermuteVar8x64x2(first, Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11), second).AsUInt32().StoreUnsafe(ref destination);
            Avx512F.PermuteVar8x64x2(first, Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15), second).AsUInt32().StoreUnsafe(ref destination, FourPositions);
        }
    }
}
