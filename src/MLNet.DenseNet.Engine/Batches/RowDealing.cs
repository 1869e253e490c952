using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Deals rows in memory, or groups of them, class by class and at random within each, with one count that runs on from class to class. A share taken by that count is the same of all rows and of each class, as
/// nearly as whole rows allow. Small classes give rows too: other ones with each seed.
/// </summary>
internal static class RowDealing
{
    /// <summary>Deals all rows to folds whose sizes differ by at most one row. Each fold is a share of the rows, and its count starts a row later than that of the fold before.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="folds">How many, at least 1; those beyond the rows are empty.</param>
    /// <param name="seed">Determines which row comes where.</param>
    /// <returns>(rows): the fold of each.</returns>
    public static int[] Folds(Dataset data, int folds, int seed)
    {
        var order = Order(data, seed);
        var foldOf = new int[order.Length];
        for (var dealt = 0; dealt < order.Length; dealt++)
            foldOf[order[dealt]] = dealt % folds;
        return data.Groups?.ToRows(foldOf) ?? foldOf;
    }

    /// <summary>Takes a share of the rows, to a row. Of each class, and of the groups, at least one is left, since a class without rows cannot be learned.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="share">Of all rows, in (0, 1).</param>
    /// <param name="seed">Determines which ones.</param>
    /// <returns>(rows): whether each is taken. None is where the share is half a row or less, or where each row is a class of its own.</returns>
    public static bool[] Take(Dataset data, float share, int seed)
    {
        var order = Order(data, seed);
        var left = new int[Math.Max(1, data.ClassCount)];
        foreach (var row in order)
            left[data.Class(row)]++;
        var count = new RunningShare(share, start: 0.5);
        var wanted = Math.Min(count.DueAfter(order.Length), order.Length - left.Count(size => size > 0));
        var isTaken = new bool[order.Length];
        // What a class cannot give, the next classes give, and after the last one the first ones again.
        for (int dealt = 0, taken = 0; taken < wanted; dealt++)
        {
            var row = order[dealt % order.Length];
            if (taken >= count.DueAfter(dealt + 1L) || isTaken[row] || left[data.Class(row)] == 1)
                continue;
            isTaken[row] = true;
            left[data.Class(row)]--;
            taken++;
        }

        return data.Groups?.ToRows(isTaken) ?? isTaken;
    }

    /// <summary>All rows, or all groups where rows are in groups, class by class, at random within each. The classes come in the order of their first rows, which is random too: else the same small classes would give a row each time.</summary>
    private static int[] Order(Dataset data, int seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Groups?.Count ?? data.Rows)];
        new RandomBits((ulong)seed, RandomStreams.Splitting).Shuffle(order);
        if (!data.IsClassification)
            return order;
        var turnOf = new int[data.ClassCount];
        var turns = 0;
        foreach (var row in order)
        {
            ref var turn = ref turnOf[data.Class(row)];
            if (turn == 0)
                turn = ++turns;
        }

        // A stable sort: within a class the order stays random.
        return [.. order.OrderBy(row => turnOf[data.Class(row)])];
    }
}
