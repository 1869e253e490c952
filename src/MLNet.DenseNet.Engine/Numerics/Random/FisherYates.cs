using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Random orders: the shuffle of Fisher and Yates in Durstenfeld's form, "Algorithm 235: Random permutation" (1964).</summary>
internal static class FisherYates
{
    private const int DrawsAtOnce = 128;

    /// <summary>Puts the items in a random order, each order equally likely.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shuffle(this RandomBits random, Span<int> items)
    {
        Span<ulong> draws = stackalloc ulong[DrawsAtOnce];
        var position = 0UL;
        for (var last = items.Length - 1; last > 0;)
        {
            random.Fill(MemoryMarshal.Cast<ulong, uint>(draws), position);
            position += 2 * DrawsAtOnce / RandomBits.WordsOfPosition;
            for (var i = 0; i < DrawsAtOnce && last > 0; i++, last--)
            {
                // The high word of a 128-bit product scales to [0, last] with a bias below 2^-32.
                var draw = BitConverter.IsLittleEndian ? draws[i] : ulong.RotateLeft(draws[i], 32);
                var other = (int)Math.BigMul(draw, (ulong)last + 1, out _);
                (items[last], items[other]) = (items[other], items[last]);
            }
        }
    }
}
