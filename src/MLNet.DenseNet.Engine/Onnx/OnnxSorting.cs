namespace MLNet.DenseNet.Engine;

/// <summary>Sorts the values of rows. TopK has other inputs from version 10 of the operators on, so that a sorting network takes its place: odd-even transposition, in as many rounds as there are values, each of which compares neighbours.</summary>
/// <remarks>Knuth, "The Art of Computer Programming", volume 3, section 5.3.4. In a round, each place but those at the ends takes the smaller or the larger value of itself and its partner.</remarks>
internal static class OnnxSorting
{
    /// <param name="rows">(batch x values).</param>
    /// <returns>The same values of each row, ascending.</returns>
    public static OnnxRows Ascending(OnnxRows rows)
    {
        var (graph, count, value) = (rows.Graph, rows.Shape.Size, rows.Plain);
        if (count < 2)
            return rows;
        (string Partners, string IsLower)[] rounds = [.. Enumerable.Range(0, 2).Select(first => Pairs(graph, count, first))];
        for (var round = 0; round < count; round++)
        {
            var (partners, isLower) = rounds[round % 2];
            var partner = graph.Node("Gather", [value, partners], ("axis", 1L));
            value = graph.Node("Where", [isLower, graph.Node("Min", [value, partner]), graph.Node("Max", [value, partner])]);
        }

        return OnnxRows.Of(graph, count, value);
    }

    /// <summary>The pairs that begin at every other place.</summary>
    private static (string Partners, string IsLower) Pairs(OnnxGraph graph, int count, int first)
    {
        var (partners, isLower) = (new long[count], new float[count]);
        for (var place = 0; place < count; place++)
            partners[place] = place;
        for (var place = first; place + 1 < count; place += 2)
        {
            (partners[place], partners[place + 1]) = (place + 1, place);
            isLower[place] = 1;
        }

        // Where takes Booleans, which constants of this graph are not.
        var mask = graph.Node("Greater", [graph.Constant("is lower of pair", isLower, 1, count), graph.Number(0)]);
        return (graph.Constant("partners", partners), mask);
    }
}
