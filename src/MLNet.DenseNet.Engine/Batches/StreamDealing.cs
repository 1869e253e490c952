using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Takes a share of rows as they come, where <see cref="RowDealing"/> has them all. As they cannot be sorted by class, each class has a count of its own: the rows until the next one is due
/// are a stretch, and a random row of each stretch is taken. The first row of a class never is, since a class without rows cannot be learned.
/// </summary>
/// <param name="classCount">The number of classes, or 0 where targets are numbers.</param>
/// <param name="share">Of all rows, in (0, 1).</param>
/// <param name="seed">Determines which ones.</param>
internal sealed class StreamDealing(int classCount, double share, int seed)
{
    // The fractional parts of its multiples are spread evenly over [0, 1), however many there are (Weyl 1916).
    private static readonly double GoldenRatio = (Math.Sqrt(5) - 1) / 2;

    private readonly RandomBits _random = new((ulong)seed, RandomStreams.Splitting);
    private readonly ClassTurn[] _turns = new ClassTurn[Math.Max(1, classCount)];
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

    /// <summary>
    /// Begins a class in the middle of a stretch, another place for each class. So of many classes with few rows each, the share of their rows together is right,
    /// as if the count had run on from class to class.
    /// </summary>
    private void Begin(ref ClassTurn turn, int @class)
    {
        turn.Count = new RunningShare(share, (_random[ulong.MaxValue].X0 / (double)(1UL << 32) + _begun++ * GoldenRatio) % 1);
        // The first stretch may begin before row 0. Where a row before 0 is drawn, the stretch gives none.
        var start = turn.Count.DealtWhen(0);
        turn.Stretch = 1;
        turn.End = Math.Max(start + 1, turn.Count.DealtWhen(1));
        turn.Taken = start + UniformNumbers.Index(Draw(@class, 0), (int)Math.Min(int.MaxValue, turn.End - start));
    }

    private void GoOn(ref ClassTurn turn, int @class)
    {
        turn.Stretch++;
        var end = Math.Max(turn.End + 1, turn.Count.DealtWhen(turn.Stretch));
        turn.Taken = turn.End + UniformNumbers.Index(Draw(@class, turn.Stretch), (int)Math.Min(int.MaxValue, end - turn.End));
        turn.End = end;
    }

    private uint Draw(int @class, long stretch) => _random[((ulong)(uint)@class << 32) ^ (ulong)stretch].X0;

    /// <summary>How far the rows of a class are dealt.</summary>
    private struct ClassTurn
    {
        public RunningShare Count;

        // The stretch, from 1; 0 before the class has a row.
        public long Stretch;

        // The next row, the row at which the stretch ends, and the one that it gives.
        public long Row;
        public long End;
        public long Taken;
    }
}
