namespace MLNet.DenseNet.Columns;

/// <summary>Names in a message.</summary>
internal static class NameList
{
    private const int MostNames = 12;
    private const int MostCharacters = 40;

    /// <summary>The names in brackets, shortened where they are many or long.</summary>
    public static string Of(IReadOnlyCollection<string> names)
    {
        var shown = names.Count <= MostNames ? names : names.Take(MostNames - 1);
        var more = names.Count <= MostNames ? "" : FormattableString.Invariant($", ... {names.Count} in all");
        return $"[{string.Join(", ", shown.Select(name => name.Length <= MostCharacters ? name : name[..MostCharacters] + "..."))}{more}]";
    }
}
