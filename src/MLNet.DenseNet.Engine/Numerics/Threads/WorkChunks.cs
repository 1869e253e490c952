using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Parts of a matrix cut further, so that no thread waits long for a slower one: each thread does the chunks of its own part, then takes those that others have not begun (work stealing). Cores are
/// not equally fast, as other work has some of them for a while. Which thread does a chunk changes no bit of it.
/// </summary>
/// <param name="Shares">The parts.</param>
/// <param name="Count">How many chunks each part has; 1 for parts that are not cut.</param>
/// <param name="AreRows">Whether parts are cut by rows; otherwise by columns, at whole panels.</param>
internal readonly record struct WorkChunks(WorkShares Shares, int Count, bool AreRows)
{
    // So many take some five microseconds, in which taking a chunk is hardly felt.
    private const int MinMultiplyAdds = 400_000;

    // With so many, a thread waits for an eighth of its time at most where all are equally fast.
    private const int Most = 8;

    // How many second-level caches what is read again may fill: the next level is fast enough where it is read from the first to the last.
    private const long CachesAtMost = 2;

    /// <summary>Parts that are not cut.</summary>
    public static WorkChunks Whole(in WorkShares shares) => new(shares, 1, AreRows: true);

    /// <summary>Parts of a product cut so that each chunk is worth it, and what each reads again is near.</summary>
    /// <param name="shares">The parts.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="byPanels">Whether parts may be cut between panels of columns, which is tried first. Each chunk then reads all rows of the left matrix.</param>
    /// <param name="fewestRows">The fewest rows of a chunk where parts may be cut by rows; 0 where not. Each chunk then reads all columns of the right matrix.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static WorkChunks Of(in WorkShares shares, int inner, bool byPanels, int fewestRows)
    {
        if (shares.Parts == 1)
            return Whole(in shares);
        var most = Math.Clamp(shares.Longest * inner / MinMultiplyAdds, 1, Most);
        if (byPanels && shares.Columns.Longest > PanelLayout.Width && IsNear(shares.Rows.Longest, inner))
            return new(shares, (int)Math.Min(most, (shares.Columns.Longest + PanelLayout.Width - 1) / PanelLayout.Width), AreRows: false);
        if (fewestRows > 0 && IsNear(shares.Columns.Longest, inner))
            return new(shares, (int)Math.Clamp(shares.Rows.Longest / fewestRows, 1, most), AreRows: true);
        return Whole(in shares);
    }

    /// <summary>Whether rows or columns of a matrix are found again in a cache, or not far beyond it.</summary>
    public static bool IsNear(long rowsOrColumns, int inner) => rowsOrColumns * inner * sizeof(float) <= CachesAtMost * CacheSizes.OfProcessor.SecondLevel;

    /// <summary>One of the chunks of a part. It is empty where the part has fewer units than the longest one.</summary>
    public MatrixPart this[int part, int chunk]
    {
        get
        {
            var whole = Shares[part];
            var cut = AreRows
                ? new RangeShares(whole.EndRow - whole.FirstRow, Shares.Rows.Unit, Count)[chunk]
                : new RangeShares(whole.EndColumn - whole.FirstColumn, PanelLayout.Width, Count)[chunk];
            return AreRows
                ? whole with { FirstRow = whole.FirstRow + cut.First, EndRow = whole.FirstRow + cut.End }
                : whole with { FirstColumn = whole.FirstColumn + cut.First, EndColumn = whole.FirstColumn + cut.End };
        }
    }

    /// <summary>Does the work chunk by chunk.</summary>
    /// <param name="work">The work.</param>
    /// <param name="team">Who shares it; null for the caller alone, who then does whole parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TWork>(in TWork work, ThreadTeam? team) where TWork : struct, IPartWork
    {
        if (IsStolenIn(team))
            Share(in work, team);
        else
            Shares.Run(in work, team);
    }

    /// <summary>Does two pieces of work chunk by chunk. A thread does the second right after the first, while the chunk is in its cache.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="team">Who shares them; null for the caller alone, who then does whole parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TFirst, TSecond>(in TFirst first, in TSecond second, ThreadTeam? team)
        where TFirst : struct, IPartWork
        where TSecond : struct, IPartWork
    {
        if (IsStolenIn(team))
            Share(new WorkPair<TFirst, TSecond>(in first, in second), team);
        else
            Shares.Run(in first, in second, team);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsStolenIn([NotNullWhen(true)] ThreadTeam? team) => Count > 1 && team is not null && Shares.Parts <= team.Chunks.Parts;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Share<TWork>(in TWork work, ThreadTeam team) where TWork : struct, IPartWork
    {
        team.Chunks.Failure.Clear();
        var shared = new Shared<TWork>(work, this, team.Chunks);
        team.Run(ref shared, Shares.Parts);
        team.Chunks.Failure.ThrowIfAny();
    }

    private readonly struct Shared<TWork>(TWork work, WorkChunks chunks, TakenChunks taken) : ITeamWork where TWork : struct, IPartWork
    {
        private readonly TWork _work = work;
        private readonly WorkChunks _chunks = chunks;
        private readonly TakenChunks _taken = taken;
        private readonly long _number = taken.Begin();

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            for (var i = 0; i < parts; i++)
            {
                var owner = part + i < parts ? part + i : part + i - parts;
                while (_taken.TryTake(_number, owner, _chunks.Count, out var chunk))
                    DoChunk(owner, chunk);
            }
        }

        /// <summary>The others are done whatever one throws: which thread takes a chunk depends on which is faster, and what is thrown must not.</summary>
        private void DoChunk(int owner, int chunk)
        {
            try
            {
                Unsafe.AsRef(in _work).Do(_chunks[owner, chunk]);
            }
            catch (Exception error)
            {
                _taken.Failure.Add((long)owner * _chunks.Count + chunk, error);
            }
        }
    }
}
