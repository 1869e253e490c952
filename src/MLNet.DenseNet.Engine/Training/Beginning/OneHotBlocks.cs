namespace MLNet.DenseNet.Engine;

/// <summary>Finds the indicators of a category's values: columns one after the other of which a row has at most one, and most rows have one. What each of them tells by itself is told by the few rows that have it; what they tell is told by all together.</summary>
internal static class OneHotBlocks
{
    // Of so many rows, hardly any columns that are independent would look like it.
    private const int MostRows = 256;
    private const double LeastShareOfRows = 0.5;
    private const int FewestColumns = 2;

    /// <summary>The columns that are in no such block.</summary>
    /// <param name="rows">To learn from; at least one.</param>
    /// <param name="columns">Of which columns, ascending: sparse ones, or dense ones that are words or of two values.</param>
    public static List<int> Others(RowSubset rows, List<int> columns)
    {
        var count = Math.Min(MostRows, rows.Count);
        int[][] sample = [.. Enumerable.Range(0, count).Select(i => PlacesOf(rows, rows.Rows[(int)((long)i * rows.Count / count)], columns))];
        var (others, at) = (new List<int>(), new int[count]);
        for (var start = 0; start < columns.Count;)
        {
            // Up to the first column that is the second one of a row.
            var end = columns.Count;
            for (var i = 0; i < count; i++)
            {
                while (at[i] < sample[i].Length && sample[i][at[i]] < start)
                    at[i]++;
                if (at[i] + 1 < sample[i].Length)
                    end = Math.Min(end, sample[i][at[i] + 1]);
            }

            int[] met = [.. sample.Zip(at, (places, next) => next < places.Length ? places[next] : int.MaxValue).Where(place => place < end)];
            if (met.Length >= LeastShareOfRows * count && met.Distinct().Take(FewestColumns).Count() == FewestColumns)
                start = end;
            else
                others.Add(columns[start++]);
        }

        return others;
    }

    /// <summary>Which of the columns a row has, by their places in the list, ascending.</summary>
    private static int[] PlacesOf(RowSubset rows, int row, List<int> columns)
    {
        if (rows.Data.Sparse is { } sparse)
            return [.. sparse.ColumnsOf(row).ToArray().Select(column => columns.BinarySearch(column)).Where(place => place >= 0)];
        var features = rows.Data.FeaturesOf(row).ToArray();
        return [.. Enumerable.Range(0, columns.Count).Where(place => rows.Features.TwoValues(columns[place]) is var (_, high) ? features[columns[place]] == high : features[columns[place]] != 0)];
    }
}
