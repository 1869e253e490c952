namespace MLNet.DenseNet.Engine;

/// <summary>
/// Which rows each member of an ensemble leaves out, to be measured on: another share for each. So no row is lost to all of them, and together they are measured on more rows
/// than one network could spare.
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

    /// <summary>What each member leaves out: nothing, where there are more members than rows.</summary>
    public IReadOnlyList<RowSubset> Members { get; }

    /// <summary>What any member leaves out.</summary>
    public RowSubset All { get; }

    /// <summary>Deals rows out to as many folds as <see cref="RowDealing"/> does; those beyond the members are left out by nobody.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="members">The members of the ensemble; those beyond the rows leave none out.</param>
    /// <param name="folds">At least as many as members.</param>
    /// <param name="seed">Determines which ones.</param>
    public static HeldOutFolds Of(Dataset data, int members, int folds, int seed) =>
        new(data, Array.ConvertAll(RowDealing.Folds(data, folds, seed), fold => fold < members ? fold : Nobody), members);
}
