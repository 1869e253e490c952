namespace MLNet.DenseNet.Engine;

/// <summary>
/// The rows that each member of an ensemble does not learn from and is measured on: a fold of its own for each. So every row is learned from by the other members, and together the members are measured on more
/// rows than one network could spare.
/// </summary>
internal sealed class HeldOutFolds
{
    private const int Nobody = -1;

    private HeldOutFolds(Dataset data, int[] heldOutBy, int members)
    {
        HeldOutBy = heldOutBy;
        Members = [.. Enumerable.Range(0, members).Select(member => new RowSubset(data, Where(by => by == member)))];
        All = new RowSubset(data, Where(by => by != Nobody));

        int[] Where(Func<int, bool> isWanted) => [.. Enumerable.Range(0, heldOutBy.Length).Where(row => isWanted(heldOutBy[row]))];
    }

    /// <summary>(rows of the data set): the member that leaves each out; -1 for none.</summary>
    public int[] HeldOutBy { get; }

    /// <summary>What each member leaves out. Members beyond the number of rows leave nothing out.</summary>
    public IReadOnlyList<RowSubset> Members { get; }

    /// <summary>What any member leaves out.</summary>
    public RowSubset All { get; }

    /// <summary>The rows that a member learns from, of the numbers in the data set.</summary>
    /// <param name="folds">Null where nobody leaves out any.</param>
    /// <param name="rows">All that there are to learn from.</param>
    /// <param name="member">Which member.</param>
    public static int[] LearnedBy(HeldOutFolds? folds, RowSubset rows, int member) => Array.FindAll(rows.Rows.ToArray(), row => folds?.HeldOutBy[row] != member);

    /// <summary>The same rows of a data set that has the same features.</summary>
    public HeldOutFolds In(Dataset data) => new(data, HeldOutBy, Members.Count);

    /// <summary>Deals rows to folds, as <see cref="RowDealing"/> does. Each member leaves out one fold; nobody leaves out the folds beyond the members, nor the only row of a class, nor groups without which a class has no row: the member would hold that class to be impossible, and the ensemble with it. Without classes, all rows are one. Nor does anybody leave out a group of more than half of the rows: the member would learn from the fewer.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="members">The members of the ensemble.</param>
    /// <param name="folds">At least as many as members.</param>
    /// <param name="seed">Determines which ones.</param>
    public static HeldOutFolds Of(Dataset data, int members, int folds, int seed)
    {
        var heldOutBy = Array.ConvertAll(RowDealing.Folds(data, folds, seed), fold => fold < members ? fold : Nobody);
        // Of each class the member that leaves out all of its rows, if any does.
        var holders = new int?[Math.Max(1, data.ClassCount)];
        for (var row = 0; row < data.Rows; row++)
        {
            ref var holder = ref holders[data.Class(row)];
            holder = holder is null || holder == heldOutBy[row] ? heldOutBy[row] : Nobody;
        }

        var stays = data.HeldOutTogether?.AreMostRows() ?? new bool[data.Rows];
        for (var row = 0; row < data.Rows; row++)
            stays[PartOf(row)] |= holders[data.Class(row)] is not Nobody;
        for (var row = 0; row < data.Rows; row++)
        {
            if (stays[PartOf(row)])
                heldOutBy[row] = Nobody;
        }

        return new(data, heldOutBy, members);

        int PartOf(int row) => data.HeldOutTogether?.OfRows[row] ?? row;
    }
}
