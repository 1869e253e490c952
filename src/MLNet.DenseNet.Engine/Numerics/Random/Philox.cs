namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Philox4x32-10, a function from a counter of 128 bits (position and stream) and a key of 64 (the seed) to four random words. Salmon, Moraes, Dror and Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3" (2011). Here in scalar code; <see cref="Philox128"/>, <see cref="Philox256"/> and <see cref="Philox512"/> work on several positions at once.
/// </summary>
internal static class Philox
{
    public const int Rounds = 10;
    public const uint Multiplier0 = 0xD2511F53;
    public const uint Multiplier1 = 0xCD9E8D57;

    /// <summary>What the lower half of the key grows by from round to round: a Weyl sequence, from the golden ratio.</summary>
    public const uint Weyl0 = 0x9E3779B9;

    /// <summary>The same of the upper half: from the square root of 3.</summary>
    public const uint Weyl1 = 0xBB67AE85;

    /// <summary>The words of one position.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Words(ulong seed, ulong stream, ulong position)
    {
        var (x0, x1, x2, x3) = ((uint)position, (uint)(position >> 32), (uint)stream, (uint)(stream >> 32));
        var (key0, key1) = ((uint)seed, (uint)(seed >> 32));
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
