using System.Globalization;

namespace MLNet.DenseNet.Reporting.Charts;

/// <summary>Names for which there is little room.</summary>
internal static class ShortName
{
    /// <summary>What a layer is, without the layers inside it.</summary>
    public static string OfLayer(LayerSummary layer) => layer.Title.Split(" [")[0];

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
