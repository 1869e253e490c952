using System.Reflection;
using System.Xml.Linq;

namespace MLNet.DenseNet.Tests.Shared;

/// <summary>What the documentation of an assembly says that its public members throw.</summary>
internal sealed class DocumentedExceptions
{
    private readonly HashSet<string> _all;

    /// <param name="assembly">Beside whose file its documentation lies.</param>
    public DocumentedExceptions(Assembly assembly)
    {
        var types = assembly.GetExportedTypes().ToDictionary(type => type.FullName!);
        _all = [..
            from member in XDocument.Load(Path.ChangeExtension(assembly.Location, "xml")).Descendants("member")
            let name = (string)member.Attribute("name")!
            where name.StartsWith("M:", StringComparison.Ordinal)
            let path = name[2..].Split('(')[0]
            let dot = path.LastIndexOf('.')
            let type = types.GetValueOrDefault(path[..dot])
            let method = path[(dot + 1)..].Replace('#', '.')
            where type is not null && type.GetMember(method, BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly).Length > 0
            from exception in member.Elements("exception")
            select Key($"{type.Name.Split('`')[0]}.{method}", ((string)exception.Attribute("cref")!).Split('.')[^1])];
    }

    /// <summary>Such as "Network.Load: FormatException", all overloads together.</summary>
    public IEnumerable<string> All => _all;

    /// <summary>Checks that each way ends in the exception or in a kind of it.</summary>
    /// <param name="documented">One of <see cref="All"/>.</param>
    /// <param name="ways">Calls of the member.</param>
    /// <param name="isExact">Whether that kind must not be documented by itself.</param>
    public void Check(string documented, IEnumerable<Action> ways, bool isExact)
    {
        var (member, expected) = documented.Split(": ") is [var first, var second] ? (first, second) : throw new ArgumentException("No member and exception.", nameof(documented));
        Assert.Contains(documented, _all);
        Assert.All(ways, way =>
        {
            var thrown = BasesOf(Assert.ThrowsAny<Exception>(way).GetType()).ToArray();
            Assert.Contains(expected, thrown);
            Assert.True(!isExact || thrown.First(name => _all.Contains(Key(member, name))) == expected, $"{thrown[0]} is documented by itself");
        });
    }

    private static string Key(string member, string exception) => $"{member}: {exception}";

    private static IEnumerable<string> BasesOf(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            yield return type.Name;
    }
}
