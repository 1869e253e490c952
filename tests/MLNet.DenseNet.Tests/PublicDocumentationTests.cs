using System.Reflection;
using System.Xml.Linq;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests;

/// <summary>The documentation that ships tells of what can be seen, and of nothing else.</summary>
public class PublicDocumentationTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    public static TheoryData<string> Assemblies =>
        [.. new[] { typeof(Network), typeof(DenseNeuralNetOptions), typeof(TrainingProgressExtensions), typeof(ReportEvaluation), typeof(OnnxExtensions) }.Select(type => type.Assembly.GetName().Name!)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void All_types_that_can_be_seen_and_no_others_are_documented(string name)
    {
        var (assembly, ids) = Load(name);
        Assert.Equal(assembly.GetExportedTypes().Select(TypeId).Order(), ids.Where(id => id.StartsWith("T:", StringComparison.Ordinal)).Order());
    }

    /// <summary>Overloads are counted: one of them may be internal.</summary>
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Members_that_cannot_be_seen_are_not_documented(string name)
    {
        var (assembly, ids) = Load(name);
        var visible = assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(Declared).Where(IsVisible).Select(member => $"{TypeId(type)[2..]}.{member.Name.Replace('.', '#')}"))
            .CountBy(member => member).ToDictionary();
        var documented = ids.Where(id => !id.StartsWith("T:", StringComparison.Ordinal)).CountBy(id => id[2..].Split('(', '~')[0].Split("``")[0]).ToArray();

        Assert.NotEmpty(documented);
        Assert.All(documented, member => Assert.InRange(member.Value, 1, visible.GetValueOrDefault(member.Key)));
    }

    private static (Assembly Assembly, string[] Ids) Load(string name)
    {
        var assembly = Assembly.Load(name);
        return (assembly, [.. XDocument.Load(Path.ChangeExtension(assembly.Location, "xml")).Descendants("member").Select(member => (string)member.Attribute("name")!)]);
    }

    private static string TypeId(Type type) => $"T:{type.FullName!.Replace('+', '.')}";

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsVisible),
        EventInfo occurrence => IsVisible(occurrence.AddMethod!),
        _ => false,
    };
}
