using MLNet.DenseNet.Engine.Numerics;

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

    /// <summary>What each member leaves out.</summary>
    public IReadOnlyList<RowSubset> Members { get; }

    /// <summary>What any member leaves out.</summary>
    public RowSubset All { get; }

    /// <summary>Deals rows out at random, each class by itself, to as many folds; those beyond the members are left out by nobody.</summary>
    /// <param name="data">The rows, at least as many as folds.</param>
    /// <param name="members">The members of the ensemble.</param>
    /// <param name="folds">At least as many as members.</param>
    /// <param name="seed">Determines which ones.</param>
    public static HeldOutFolds Of(Dataset data, int members, int folds, int seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Rows)];
        new RandomBits((ulong)seed, RandomStreams.Splitting).Shuffle(order);
        var heldOutBy = new int[data.Rows];
        var dealt = 0;
        // A stable sort: within a class the order stays random.
        foreach (var row in order.OrderBy(data.Class))
            heldOutBy[row] = dealt++ % folds is var fold && fold < members ? fold : Nobody;
        return new HeldOutFolds(data, heldOutBy, members);
    }
}
