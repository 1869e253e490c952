namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Counter-based random bits: the value at a position depends on seed, stream and position alone, so it does not matter who
/// draws it, or when. Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
/// </summary>
internal readonly struct RandomBits(ulong seed, ulong stream)
{
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

    /// <summary>Fills with numbers from the uniform distribution over [-limit, limit).</summary>
    public void FillUniform(Span<float> destination, float limit)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = ((int)(this[(ulong)i].X0 >> 8) - (1 << 23)) * (limit / (1 << 23));
    }

    /// <summary>Puts the items in a random order, each order equally likely (Fisher and Yates; Durstenfeld's form).</summary>
    public void Shuffle(Span<int> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var (x0, x1, _, _) = this[(ulong)last];
            // The high word of a 64-bit product scales to [0, last] with a bias below 2^-32.
            var other = (int)Math.BigMul(((ulong)x1 << 32) | x0, (ulong)last + 1, out _);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
