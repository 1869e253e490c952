using System.Text.RegularExpressions;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>A source file as far as references go: its folder, its name, the types that it declares and the identifiers in it.</summary>
/// <param name="Folder">With those around it, such as "Numerics/Sums"; empty for the project's root.</param>
/// <param name="Name">Without the extension.</param>
/// <param name="Types">The types that are not nested.</param>
/// <param name="Identifiers">Comments left out.</param>
internal sealed partial record SourceFile(string Folder, string Name, IReadOnlySet<string> Types, IReadOnlySet<string> Identifiers)
{
    public static SourceFile Parse(string folder, string name, string text)
    {
        text = Comments().Replace(text, " ");
        return new SourceFile(
            folder, name,
            TopLevelTypes().Matches(text).Select(m => m.Groups["name"].Value).ToHashSet(),
            Words().Matches(text).Select(m => m.Value).ToHashSet());
    }

    /// <summary>The engine's files.</summary>
    public static IReadOnlyList<SourceFile> ReadEngine()
    {
        var root = Path.Combine(Repository.Root, "src", "MLNet.DenseNet.Engine");
        return
        [
            .. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
                .Select(path => (Path: path, Folder: Path.GetRelativePath(root, Path.GetDirectoryName(path)!)))
                .Where(file => file.Folder.Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
                .Select(file => Parse(file.Folder == "." ? "" : file.Folder.Replace(Path.DirectorySeparatorChar, '/'), Path.GetFileNameWithoutExtension(file.Path), File.ReadAllText(file.Path))),
        ];
    }

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    // Nested types are indented.
    [GeneratedRegex(@"^(?:[a-z]+ )*(?:class|struct|interface|enum|record) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelTypes();

    [GeneratedRegex(@"\b[A-Za-z_]\w*")]
    private static partial Regex Words();
}
