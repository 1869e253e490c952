// Copies the documentation of an assembly without the members that cannot be seen from outside it: the compiler writes all, and a package shows them.
// Usage: PublicDocumentation ASSEMBLY DOCUMENTATION COPY

using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using PublicDocumentation;

using var assembly = new PEReader(File.OpenRead(args[0]));
var members = new MemberIds(assembly.GetMetadataReader());
var documentation = XDocument.Load(args[1], LoadOptions.PreserveWhitespace);
foreach (var member in documentation.Descendants("member").ToArray())
{
    var id = (string)member.Attribute("name")!;
    if (!members.Visible.TryGetValue(id, out var isVisible))
    {
        Console.Error.WriteLine($"{args[1]}: error : the assembly has no {id}.");
        return 1;
    }

    if (isVisible)
        continue;
    // The line break before it.
    if (member.PreviousNode is XText text)
        text.Remove();
    member.Remove();
}

Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[2]))!);
documentation.Save(args[2], SaveOptions.DisableFormatting);
return 0;
