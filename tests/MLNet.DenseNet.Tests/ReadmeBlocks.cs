using System.Text.RegularExpressions;

namespace MLNet.DenseNet.Tests;

/// <summary>The code blocks of a README, and how tests run them.</summary>
internal static partial class ReadmeBlocks
{
    /// <summary>The collection of the tests that change the process's current folder, one at a time.</summary>
    public const string CurrentFolder = nameof(CurrentFolder);

    /// <summary>Checks that each block stands in a class of tests, which compiles and runs it; white space does not count.</summary>
    /// <param name="readme">The file, as seen from the repository's folder.</param>
    /// <param name="testClasses">The names of classes, each in a file of its name: of this project, or with that of another one and a slash before.</param>
    /// <returns>The number of blocks.</returns>
    public static int Check(string readme, params IEnumerable<string> testClasses)
    {
        var blocks = CodeBlock().Matches(File.ReadAllText(Path.Combine(Repository.Root, readme))).Select(m => m.Groups[1].Value).ToArray();
        CheckCode(blocks, testClasses);
        return blocks.Length;
    }

    /// <summary>The same for pieces of code from elsewhere.</summary>
    public static void CheckCode(IEnumerable<string> code, params IEnumerable<string> testClasses)
    {
        var source = Normalize(string.Concat(testClasses.Select(name => File.ReadAllText(Path.Combine(Repository.Root, "tests", name.Contains('/', StringComparison.Ordinal) ? $"{name}.cs" : $"MLNet.DenseNet.Tests/{name}.cs")))));
        Assert.All(code, block => Assert.Contains(Normalize(block), source, StringComparison.Ordinal));
    }

    /// <summary>With a new folder as the current one, which is gone afterwards.</summary>
    public static void RunInFolderOfItsOwn(Action run)
    {
        var before = Directory.GetCurrentDirectory();
        var folder = Directory.CreateTempSubdirectory("readme");
        Directory.SetCurrentDirectory(folder.FullName);
        try
        {
            run();
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
    }

    private static string Normalize(string code) => WhiteSpace().Replace(code, " ").Trim();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
