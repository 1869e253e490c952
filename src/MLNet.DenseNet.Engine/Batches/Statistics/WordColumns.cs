namespace MLNet.DenseNet.Engine;

/// <summary>
/// Finds words and parts of words among the columns of a table, as FeaturizeText puts them beside numbers: many columns that are 0 in most rows. What a column tells is whether a row has the word. Functions of its values would take most of the time, and learn chance.
/// </summary>
internal static class WordColumns
{
    // Fewer columns may well be numbers of what few rows have, such as amounts, of which functions tell much.
    private const int Fewest = 128;

    private const double ShareOfZeros = 0.5;

    /// <summary>The columns of words; none where there are few of them.</summary>
    public static HashSet<int> Of(RowSample sample)
    {
        HashSet<int> mostlyZero = sample.Columns.Count < Fewest ? [] : [.. sample.Columns.Where(column => sample.ShareOfZeros(column) >= ShareOfZeros && sample.HasSeveralValues(column))];
        return mostlyZero.Count < Fewest ? [] : mostlyZero;
    }
}
