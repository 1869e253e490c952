namespace MLNet.DenseNet.Engine;

/// <summary>Which rows of a data set belong together, such as the documents of one query. Rows of a group need not be neighbours.</summary>
internal sealed class RowGroups
{
    private readonly int[] _groupOf;
    private readonly int[] _sizes;

    private RowGroups(int[] groupOf, int count)
    {
        (_groupOf, _sizes) = (groupOf, new int[count]);
        foreach (var group in groupOf)
            Largest = Math.Max(Largest, ++_sizes[group]);
    }

    /// <summary>The number of groups.</summary>
    public int Count => _sizes.Length;

    /// <summary>The most rows that a group has.</summary>
    public int Largest { get; }

    /// <summary>(rows): the group of each, from 0 in the order of their first rows.</summary>
    public ReadOnlySpan<int> OfRows => _groupOf;

    /// <summary>Of rows that are named by what identifies their group.</summary>
    public static RowGroups Of<T>(ReadOnlySpan<T> ids) where T : notnull
    {
        var groups = new Dictionary<T, int>();
        var groupOf = new int[ids.Length];
        for (var row = 0; row < groupOf.Length; row++)
        {
            if (!groups.TryGetValue(ids[row], out groupOf[row]))
                groups.Add(ids[row], groupOf[row] = groups.Count);
        }

        return new RowGroups(groupOf, groups.Count);
    }

    /// <summary>(rows): for each the value of its group.</summary>
    public T[] ToRows<T>(T[] ofGroups) => Array.ConvertAll(_groupOf, group => ofGroups[group]);

    /// <summary>(groups): whether a group has more than half of all rows.</summary>
    public bool[] AreMostRows() => Array.ConvertAll(_sizes, size => size > _groupOf.Length - size);

    /// <summary>(rows): weights by which each group counts as much as its mean row, however many rows it has.</summary>
    /// <param name="weights">(rows), or empty where all weigh 1.</param>
    public float[] Weights(ReadOnlySpan<float> weights)
    {
        var totals = new double[Count];
        for (var row = 0; row < _groupOf.Length; row++)
            totals[_groupOf[row]] += weights.IsEmpty ? 1 : weights[row];
        return ToRows([.. totals.Select((total, group) => (float)(total / _sizes[group] / _sizes[group]))]);
    }
}
