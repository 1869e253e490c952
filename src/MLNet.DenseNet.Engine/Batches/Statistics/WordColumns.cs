namespace MLNet.DenseNet.Engine;

/// <summary>
/// Finds words and parts of words among the columns of a table, as FeaturizeText puts them beside numbers: many columns that are 0 in most rows, of which the other values are about the same. What such a column tells is whether a row has the word. Functions of its values would take most of
/// the time, and learn chance.
/// </summary>
internal static class WordColumns
{
    // Fewer columns may well be numbers of what few rows have, such as amounts, of which functions tell much.
    private const int Fewest = 128;

    private const double ShareOfZeros = 0.5;

    // Of the values that are not 0, the deviation beside the mean. Of amounts, counts and pixels it is mostly more.
    private const double MostSpread = 0.5;

    /// <summary>The columns of words; none where there are few of them.</summary>
    /// <returns>Of each the mean square of its values that are not 0.</returns>
    public static Dictionary<int, double> Of(RowSample sample)
    {
        var words = new Dictionary<int, double>();
        foreach (var column in sample.Columns.Count < Fewest ? [] : sample.Columns)
        {
            var (shareOfZeros, mean, meanSquare) = sample.AroundZero(column);
            if (shareOfZeros >= ShareOfZeros && meanSquare - mean * mean <= MostSpread * MostSpread * mean * mean && sample.HasSeveralValues(column))
                words.Add(column, meanSquare);
        }

        return words.Count < Fewest ? [] : words;
    }
}
