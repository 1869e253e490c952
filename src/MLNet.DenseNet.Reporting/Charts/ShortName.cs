using System.Globalization;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>Names for which there is little room.</summary>
internal static class ShortName
{
    /// <summary>What a layer is, without the layers inside it.</summary>
    public static string OfLayer(LayerSummary layer) => layer.Title.Split(" [")[0];

    /// <summary>Names of several things, each as <see cref="Of(string, int)"/> has it; where some would be the same then that are not, without what all begin and end with.</summary>
    public static string[] OfAll(IReadOnlyList<string> names, int longest)
    {
        var shown = names.Select(name => Of(name, longest)).ToArray();
        if (shown.Distinct().Count() == names.Distinct().Count())
            return shown;
        var characters = names.Select(name => new StringInfo(name)).ToArray();
        var shortest = characters.Min(name => name.LengthInTextElements);
        var begin = Common(shortest, (name, i) => name.SubstringByTextElements(i, 1));
        var end = Common(shortest - begin, (name, i) => name.SubstringByTextElements(name.LengthInTextElements - 1 - i, 1));
        return [.. characters.Select(name => Of($"{(begin > 0 ? "…" : "")}{(begin + end < name.LengthInTextElements ? name.SubstringByTextElements(begin, name.LengthInTextElements - begin - end) : "")}{(end > 0 ? "…" : "")}", longest))];

        int Common(int most, Func<StringInfo, int, string> at) => Enumerable.Range(0, most).TakeWhile(i => characters.All(name => at(name, i) == at(characters[0], i))).Count();
    }

    /// <summary>A name without its last details, those behind commas, as many as it takes to fit; where not even its first part does, that one.</summary>
    public static string WithoutDetails(string name, Func<string, bool> fits)
    {
        while (!fits(name) && name.LastIndexOf(", ", StringComparison.Ordinal) is > 0 and var detail)
            name = name[..detail];
        return name;
    }

    /// <summary>A name without its middle where it is long: names that are told apart by their ends are as common as others. Whole characters, however many code units they take.</summary>
    /// <param name="name">The name.</param>
    /// <param name="longest">The most characters, even.</param>
    public static string Of(string name, int longest)
    {
        var characters = new StringInfo(name);
        var length = characters.LengthInTextElements;
        return length <= longest ? name : $"{characters.SubstringByTextElements(0, longest / 2)}…{characters.SubstringByTextElements(length - longest / 2 + 1)}";
    }
}
