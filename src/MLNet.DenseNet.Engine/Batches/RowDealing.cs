using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Deals rows in memory out at random, class by class in one running count: whatever share of them is taken is that share of all rows, and of each class as nearly as
/// whole rows allow. So small classes are measured too, now one and now another.
/// </summary>
internal static class RowDealing
{
    /// <summary>Deals all rows out to folds of one size, to a row.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="folds">How many, at least 1; of those beyond the rows each is empty.</param>
    /// <param name="seed">Determines which row comes where.</param>
    /// <returns>(rows): the fold of each.</returns>
    public static int[] Folds(Dataset data, int folds, int seed)
    {
        var order = Order(data, seed);
        var foldOf = new int[order.Length];
        for (var dealt = 0; dealt < order.Length; dealt++)
            foldOf[order[dealt]] = dealt % folds;
        return foldOf;
    }

    /// <summary>Takes a share of the rows, to a row, but leaves of each class at least one: what no row shows cannot be learned.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="share">Of all rows, in (0, 1).</param>
    /// <param name="seed">Determines which ones.</param>
    /// <returns>(rows): whether each is taken; none, where the share is half a row or less, or each row is a class of its own.</returns>
    public static bool[] Take(Dataset data, float share, int seed)
    {
        var order = Order(data, seed);
        var left = new int[Math.Max(1, data.ClassCount)];
        foreach (var row in order)
            left[data.Class(row)]++;
        var wanted = Math.Min(Due(order.Length), order.Length - left.Count(size => size > 0));
        var isTaken = new bool[order.Length];
        // What a class cannot give is due from the next ones, and in the end from the first ones again.
        for (int dealt = 0, taken = 0; taken < wanted; dealt++)
        {
            var row = order[dealt % order.Length];
            if (taken >= Due(dealt + 1L) || isTaken[row] || left[data.Class(row)] == 1)
                continue;
            isTaken[row] = true;
            left[data.Class(row)]--;
            taken++;
        }

        return isTaken;

        int Due(long dealt) => (int)Math.Ceiling((double)share * dealt - 0.5);
    }

    /// <summary>All rows, class by class, at random within each. The classes come in the order of their first rows, at random too, so that it is not always the same of the small ones that give a row.</summary>
    private static int[] Order(Dataset data, int seed)
    {
        int[] order = [.. Enumerable.Range(0, data.Rows)];
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
