namespace MLNet.DenseNet.Engine;

/// <summary>Bins of columns, for piecewise-linear functions of their values. Edges are quantiles of a column's distinct values: those of its rows would leave no bins to a column that is nearly always 0.</summary>
internal static class ColumnBins
{
    /// <summary>The columns that have more than two values: two lie on a line already.</summary>
    public static int[] WithSeveralValues(FeatureStatistics features) => features.TableSample is { } sample ? [.. sample.Columns.Where(sample.HasSeveralValues)] : [];

    /// <summary>The fewest bins whose edges are all distinct values of each column, and no more than the most. The weights of further bins would stay 0, and take the optimizer's time.</summary>
    /// <param name="features">Statistics with a sample of the columns.</param>
    /// <param name="columns">At least one.</param>
    /// <param name="most">The most bins.</param>
    public static int Needed(FeatureStatistics features, int[] columns, int most)
    {
        var needed = 1;
        for (var i = 0; i < columns.Length && needed < most; i++)
            needed = Math.Max(needed, features.TableSample!.CountDistinct(columns[i], most + 1) - 1);
        return needed;
    }

    /// <summary>The edges of a column's bins: its distinct values where there are no more of them than edges, else their quantiles. Unused ones at the end are the largest number.</summary>
    /// <param name="values">The distinct values of a column, ascending.</param>
    /// <param name="bins">How many bins there are.</param>
    /// <param name="most">How many of them are used.</param>
    public static float[] Edges(ReadOnlySpan<float> values, int bins, int most = int.MaxValue)
    {
        var edges = new float[bins + 1];
        Array.Fill(edges, float.MaxValue);
        var used = Math.Min(bins, most);
        if (values.Length <= used + 1)
            values.CopyTo(edges);
        else
        {
            for (var edge = 0; edge <= used; edge++)
                edges[edge] = values[(int)((long)edge * (values.Length - 1) / used)];
        }

        return edges;
    }
}
