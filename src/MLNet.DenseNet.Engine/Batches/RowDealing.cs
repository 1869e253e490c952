using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Deals rows in memory, or groups of them that stay together, class by class and at random within each, with one count that runs on from class to class. A share taken by that count is the same of all rows and of each class, as
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
        var order = Order(Classes(data), data.ClassCount, seed);
        var foldOf = new int[order.Length];
        for (var dealt = 0; dealt < order.Length; dealt++)
            foldOf[order[dealt]] = dealt % folds;
        return data.HeldOutTogether?.ToRows(foldOf) ?? foldOf;
    }

    /// <summary>Takes a share of the rows, to a row. Of each class, and of the groups, at least one is left, since a class without rows cannot be learned, and so is a group of more than half of the rows.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="share">Of all rows, in (0, 1).</param>
    /// <param name="seed">Determines which ones.</param>
    /// <returns>(rows): whether each is taken. None is where the share is half a row or less, or where each row is a class of its own.</returns>
    public static bool[] Take(Dataset data, float share, int seed)
    {
        var classes = Classes(data);
        var order = Order(classes, data.ClassCount, seed);
        var count = new RunningShare(share, start: 0.5);
        var isTaken = new bool[order.Length];
        // Of groups, the last one that has rows of a class is given back below.
        var kinds = data.HeldOutTogether is null ? classes : new int[order.Length];
        var left = new int[Math.Max(1, data.ClassCount)];
        foreach (var row in order)
            left[kinds[row]]++;
        var stays = data.HeldOutTogether?.AreMostRows();
        var wanted = Math.Min(count.DueAfter(order.Length), order.Length - left.Count(size => size > 0));
        // What a class cannot give, the next classes give, and after the last one the first ones again.
        for (int dealt = 0, taken = 0; taken < wanted; dealt++)
        {
            var row = order[dealt % order.Length];
            if (taken >= count.DueAfter(dealt + 1L) || isTaken[row] || left[kinds[row]] == 1 || stays?[row] == true)
                continue;
            isTaken[row] = true;
            left[kinds[row]]--;
            taken++;
        }

        if (data.HeldOutTogether is not { } groups)
            return isTaken;
        if (data.IsClassification)
            KeepClasses(data, groups, isTaken);
        return groups.ToRows(isTaken);
    }

    /// <summary>Gives a group back of each class whose rows are all taken: they may be in groups that most rows of another class are in.</summary>
    private static void KeepClasses(Dataset data, RowGroups groups, bool[] isTaken)
    {
        var (first, isLeft) = (new Dictionary<int, int>(), new bool[data.ClassCount]);
        for (var row = 0; row < data.Rows; row++)
        {
            first.TryAdd(data.Class(row), groups.OfRows[row]);
            isLeft[data.Class(row)] |= !isTaken[groups.OfRows[row]];
        }

        foreach (var (@class, group) in first)
            isTaken[group] &= isLeft[@class];
    }

    /// <summary>The class of each row, or that of most rows of each group; 0 where targets are numbers.</summary>
    private static int[] Classes(Dataset data)
    {
        if (data.HeldOutTogether is not { } groups)
            return [.. Enumerable.Range(0, data.Rows).Select(data.Class)];
        var (classes, most, counts) = (new int[groups.Count], new int[groups.Count], new Dictionary<(int Group, int Class), int>());
        for (var row = 0; row < data.Rows; row++)
        {
            var (group, @class) = (groups.OfRows[row], data.Class(row));
            var count = counts[(group, @class)] = counts.GetValueOrDefault((group, @class)) + 1;
            if (count > most[group])
                (most[group], classes[group]) = (count, @class);
        }

        return classes;
    }

    /// <summary>All rows, or all groups where rows are in groups, class by class, at random within each. The classes come in the order of their first rows, which is random too: else the same small classes would give a row each time.</summary>
    private static int[] Order(int[] classes, int classCount, int seed)
    {
        int[] order = [.. Enumerable.Range(0, classes.Length)];
        new RandomBits((ulong)seed, RandomStreams.Splitting).Shuffle(order);
        if (classCount == 0)
            return order;
        var turnOf = new int[classCount];
        var turns = 0;
        foreach (var row in order)
        {
            ref var turn = ref turnOf[classes[row]];
            if (turn == 0)
                turn = ++turns;
        }

        // A stable sort: within a class the order stays random.
        return [.. order.OrderBy(row => turnOf[classes[row]])];
    }
}
