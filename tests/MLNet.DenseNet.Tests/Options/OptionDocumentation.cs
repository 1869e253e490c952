using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MLNet.DenseNet.Tests;

/// <summary>What an editor shows of an option, from the file that the compiler wrote.</summary>
/// <param name="Summary">What it is, with its unit and range.</param>
/// <param name="Value">Its default.</param>
/// <param name="Remarks">How it goes together with others, sources and examples.</param>
internal sealed partial record OptionDocumentation(string Summary, string Value, string Remarks)
{
    /// <summary>The options that a class documents, and those of its base class that it does not document anew.</summary>
    public static IReadOnlyList<PropertyInfo> OptionsOf(Type type) => type.GetProperties();

    /// <summary>The documentation of an option where it is declared last.</summary>
    public static OptionDocumentation Of(Type type, string option)
    {
        var owner = type.GetProperty(option)!.DeclaringType!;
        var member = MembersOf(owner.Assembly).Single(m => (string?)m.Attribute("name") == $"P:{owner.FullName}.{option}");
        return new OptionDocumentation(Text(member, "summary"), Text(member, "value"), Text(member, "remarks"));
    }

    /// <summary>What is said of the parameters of each method of a name.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> ParametersOf(Type type, string method) =>
        from member in MembersOf(type.Assembly)
        where ((string?)member.Attribute("name"))?.StartsWith($"M:{type.FullName}.{method}(", StringComparison.Ordinal) == true
        select member.Elements("param").ToDictionary(parameter => (string)parameter.Attribute("name")!, parameter => parameter.Value);

    private static IEnumerable<XElement> MembersOf(Assembly assembly) => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member");

    /// <summary>As it is read: references by their last name, white space as one blank.</summary>
    private static string Text(XElement member, string part) =>
        WhiteSpace().Replace(string.Concat(member.Element(part)?.DescendantNodes().Select(Shown) ?? []), " ").Trim();

    private static string Shown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => ((string)see.Attribute("cref")!).Split('.', ':')[^1],
        XElement { Name.LocalName: "para" } => " ",
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
