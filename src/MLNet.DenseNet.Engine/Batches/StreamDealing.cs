using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Takes a share of rows as they come, where <see cref="RowDealing"/> has them all: of each class one row, at random, of every so many, so that the share of each
/// class is the same to a row or two. The first row of a class is never taken, so that each has one to learn from.
/// </summary>
/// <param name="classCount">The number of classes, or 0 where targets are numbers.</param>
/// <param name="share">Of all rows, in (0, 1).</param>
/// <param name="seed">Determines which ones.</param>
internal sealed class StreamDealing(int classCount, double share, int seed)
{
    // Multiples of it, without their whole part, fill [0, 1) evenly however many there are (Weyl 1916).
    private static readonly double GoldenRatio = (Math.Sqrt(5) - 1) / 2;

    private readonly RandomBits _random = new((ulong)seed, RandomStreams.Splitting);
    private readonly Turn[] _turns = new Turn[Math.Max(1, classCount)];
    private int _begun;

    /// <summary>Deals the next row.</summary>
    /// <param name="class">Its class; 0 where targets are numbers.</param>
    /// <returns>Whether it is taken.</returns>
    public bool Takes(int @class)
    {
        ref var turn = ref _turns[@class];
        if (turn.Stretch == 0)
        {
            Begin(ref turn, @class);
            if (classCount > 0)
                return false;
        }

        if (turn.Row == turn.End)
            GoOn(ref turn, @class);
        return turn.Row++ == turn.Taken;
    }

    /// <summary>The first stretch of a class may be cut at any place, other ones of other classes: those of few rows give one in so many of their rows together.</summary>
    private void Begin(ref Turn turn, int @class)
    {
        turn.Phase = (_random[ulong.MaxValue].X0 / (double)(1UL << 32) + _begun++ * GoldenRatio) % 1;
        // Where it would have begun: what is cut off of it is not there to be taken.
        var start = EndOf(in turn);
        turn.Stretch = 1;
        turn.End = Math.Max(start + 1, EndOf(in turn));
        turn.Taken = start + UniformNumbers.Index(Draw(@class, 0), (int)Math.Min(int.MaxValue, turn.End - start));
    }

    private void GoOn(ref Turn turn, int @class)
    {
        turn.Stretch++;
        var end = Math.Max(turn.End + 1, EndOf(in turn));
        turn.Taken = turn.End + UniformNumbers.Index(Draw(@class, turn.Stretch), (int)Math.Min(int.MaxValue, end - turn.End));
        turn.End = end;
    }

    private long EndOf(in Turn turn) => (long)Math.Ceiling((turn.Stretch - turn.Phase) / share);

    private uint Draw(int @class, long stretch) => _random[((ulong)(uint)@class << 32) ^ (ulong)stretch].X0;

    /// <summary>Where a class is.</summary>
    private struct Turn
    {
        public double Phase;
        public long Stretch;
        public long Row;
        public long End;
        public long Taken;
    }
}
