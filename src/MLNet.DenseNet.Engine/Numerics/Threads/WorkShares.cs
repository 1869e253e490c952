using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// How a matrix is cut for threads: parts of its rows times parts of its columns. Made once for a product and passed to all that follows it, so that a thread goes on
/// with what it computed. Which thread does a part changes no bit of it.
/// </summary>
/// <param name="Rows">How rows are cut.</param>
/// <param name="Columns">How columns are cut: at whole panels, see <see cref="PanelLayout"/>.</param>
internal readonly record struct WorkShares(RangeShares Rows, RangeShares Columns)
{
    /// <summary>How many parts there are.</summary>
    public int Parts => Rows.Parts * Columns.Parts;

    /// <summary>The elements of the largest part.</summary>
    public long Longest => Rows.Longest * Columns.Longest;

    /// <summary>One of the parts.</summary>
    public MatrixPart this[int part]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if (Parts == 1)
                return new(0, Rows.Length, 0, Columns.Length);
            var ((firstRow, endRow), (firstColumn, endColumn)) = (Rows[part / Columns.Parts], Columns[part % Columns.Parts]);
            return new(firstRow, endRow, firstColumn, endColumn);
        }
    }

    /// <summary>A matrix that is not cut.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WorkShares Whole(int rows, int columns) => new(new(rows, 1, 1), new(columns, PanelLayout.Width, 1));

    /// <summary>
    /// Cut into at most as many parts as there are threads, so that the largest is small; and by columns rather than by rows where that is the same, since a thread then keeps the same columns of the weights in its
    /// cache from pass to pass.
    /// </summary>
    /// <param name="threads">For how many threads.</param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="rowUnit">How many rows stay together.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="rowsOfPacking">What each part has to do for its columns however few its rows are, in rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static WorkShares Of(int threads, int rows, int rowUnit, int columns, int rowsOfPacking = 0)
    {
        if (threads == 1)
            return Whole(rows, columns);
        var columnParts = RangeShares.AtMost(threads, columns, PanelLayout.Width).Parts;
        var best = Cut(columnParts);
        // No other cut is better than one whose parts are all equal.
        while (--columnParts > 0 && best.Longest * threads > (long)rows * columns)
        {
            if (Cut(columnParts) is var shares && Cost(in shares) < Cost(in best))
                best = shares;
        }

        return best;

        long Cost(in WorkShares shares) => (shares.Rows.Longest + rowsOfPacking) * shares.Columns.Longest;

        WorkShares Cut(int columnParts) => new(RangeShares.AtMost(threads / columnParts, rows, rowUnit), RangeShares.AtMost(columnParts, columns, PanelLayout.Width));
    }

    /// <summary>The same columns of another matrix, with all of its rows.</summary>
    /// <param name="rows">Rows of that matrix.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WorkShares OfColumns(int rows) => new(new(rows, 1, 1), Columns);

    /// <summary>All columns of another matrix for as many threads, cut between cache lines of its rows, where no two threads may write the same columns.</summary>
    /// <param name="rows">Rows of that matrix.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WorkShares ByCacheLines(int rows) => new(new(rows, 1, 1), RangeShares.AtMost(Parts, Columns.Length, AlignedBuffer.Alignment));

    /// <summary>Does the work part by part.</summary>
    /// <param name="work">The work.</param>
    /// <param name="team">Who shares it; null for the caller alone, who then does all parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TWork>(in TWork work, ThreadTeam? team) where TWork : struct, IPartWork
    {
        if (typeof(TWork) == typeof(NoWork))
            return;
        // By reference: the compiler would copy a read-only argument before each call.
        if (Parts == 1)
            Unsafe.AsRef(in work).Do(this[0]);
        else
            Share(in work, team);
    }

    /// <summary>Does two pieces of work part by part. A thread does the second right after the first, while the part is in its cache.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <param name="team">Who shares them; null for the caller alone, who then does all parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TFirst, TSecond>(in TFirst first, in TSecond second, ThreadTeam? team)
        where TFirst : struct, IPartWork
        where TSecond : struct, IPartWork
    {
        if (Parts == 1)
        {
            Unsafe.AsRef(in first).Do(this[0]);
            Unsafe.AsRef(in second).Do(this[0]);
        }
        else
        {
            Share(new WorkPair<TFirst, TSecond>(in first, in second), team);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Share<TWork>(in TWork work, ThreadTeam? team) where TWork : struct, IPartWork
    {
        var shared = new Shared<TWork>(work, this);
        ThreadTeam.Run(team, ref shared, Parts);
    }

    private readonly struct Shared<TWork>(TWork work, WorkShares shares) : ITeamWork where TWork : struct, IPartWork
    {
        private readonly TWork _work = work;
        private readonly WorkShares _shares = shares;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts) => Unsafe.AsRef(in _work).Do(_shares[part]);
    }
}
