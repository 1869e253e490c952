using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Counter-based random bits: the value at a position depends on seed, stream and position alone, so it does not matter who
/// draws it, or when. The function is <see cref="Philox"/>.
/// </summary>
internal readonly struct RandomBits(ulong seed, ulong stream)
{
    /// <summary>The words of a position.</summary>
    public const int WordsOfPosition = 4;

    private readonly ulong _seed = seed;
    private readonly ulong _stream = stream;

    /// <summary>Four independent 32-bit words at a position.</summary>
    public (uint X0, uint X1, uint X2, uint X3) this[ulong position] => Philox.Words(_seed, _stream, position);

    /// <summary>Fills with the words of consecutive positions, four of each.</summary>
    /// <param name="words">Any number; of the last position as many as there is room for.</param>
    /// <param name="position">The first position.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(Span<uint> words, ulong position)
    {
        for (; Philox512.IsSupported && words.Length >= Philox512.Positions * WordsOfPosition; words = words[(Philox512.Positions * WordsOfPosition)..], position += Philox512.Positions)
            Philox512.Fill(ref words[0], _seed, _stream, position);

        for (; Philox256.IsSupported && words.Length >= Philox256.Positions * WordsOfPosition; words = words[(Philox256.Positions * WordsOfPosition)..], position += Philox256.Positions)
            Philox256.Fill(ref words[0], _seed, _stream, position);

        for (; Philox128.IsSupported && words.Length >= Philox128.Positions * WordsOfPosition; words = words[(Philox128.Positions * WordsOfPosition)..], position += Philox128.Positions)
            Philox128.Fill(ref words[0], _seed, _stream, position);

        for (; !words.IsEmpty; position++)
        {
            var (x0, x1, x2, x3) = this[position];
            ReadOnlySpan<uint> four = [x0, x1, x2, x3];
            var count = Math.Min(WordsOfPosition, words.Length);
            four[..count].CopyTo(words);
            words = words[count..];
        }
    }
}
