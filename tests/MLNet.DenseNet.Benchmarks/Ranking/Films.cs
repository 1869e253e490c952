using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>The films that users of MovieLens have rated: a user is a group, a rating a relevance. See peers/movielens.R, which needs R and Debian's r-cran-dslabs.</summary>
internal static class Films
{
    /// <returns>Null where they cannot be had.</returns>
    public static (List<RankedRow> Training, List<RankedRow> Test)? Load()
    {
        if (RScript.TryRun("movielens.R") is not { } lines)
            return null;
        var (training, test) = (new List<RankedRow>(), new List<RankedRow>());
        foreach (var line in lines)
        {
            float[] values = [.. line.Split(',').Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
            (values[1] == 1 ? test : training).Add(new RankedRow { GroupId = (uint)values[0], Label = values[2], Features = values[3..] });
        }

        return (training, test);
    }
}
