using System.Text.Json;

namespace MLNet.DenseNet.Tests;

/// <summary>What the packages bring runs wherever .NET does: of native code there is ML.NET's alone.</summary>
public class NativeCodeTests
{
    private static readonly string[] OfMLNet = ["Microsoft.ML"];

    [Theory]
    [InlineData("MLNet.DenseNet.Engine", 0)]
    [InlineData("MLNet.DenseNet", 2)]
    [InlineData("MLNet.DenseNet.ConsoleProgress", 1)]
    [InlineData("MLNet.DenseNet.Reporting", 3)]
    public void No_package_brings_native_code_but_those_of_ML_NET(string project, int leastPackages)
    {
        var packages = Packages(project);
        Assert.InRange(packages.Count, leastPackages, 100);
        var ofMLNet = Closure(OfMLNet, packages);
        Assert.Empty(packages.Where(package => package.Value.IsNative && !ofMLNet.Contains(package.Key)).Select(package => package.Key));
    }

    /// <summary>ML.NET's own has some, so that the test would see others.</summary>
    [Fact]
    public void Native_code_is_seen() => Assert.Contains(Packages("MLNet.DenseNet"), package => package.Value.IsNative);

    /// <summary>The packages that a project brings, its own and theirs, as they were restored for it.</summary>
    private static Dictionary<string, (bool IsNative, string[] Dependencies)> Packages(string project)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Path.Combine(ReadmeTests.Root, "src", project, "obj", "project.assets.json")));
        var root = assets.RootElement;
        var packages = new Dictionary<string, (bool IsNative, string[] Dependencies)>(StringComparer.OrdinalIgnoreCase);
        foreach (var target in root.GetProperty("targets").EnumerateObject())
        {
            foreach (var library in target.Value.EnumerateObject().Where(library => library.Value.GetProperty("type").GetString() == "package"))
            {
                var isNative = library.Value.TryGetProperty("native", out _)
                    || library.Value.TryGetProperty("runtimeTargets", out var files) && files.EnumerateObject().Any(file => file.Value.GetProperty("assetType").GetString() == "native");
                string[] dependencies = library.Value.TryGetProperty("dependencies", out var names) ? [.. names.EnumerateObject().Select(name => name.Name)] : [];
                packages[library.Name.Split('/')[0]] = (isNative, dependencies);
            }
        }

        return packages;
    }

    private static HashSet<string> Closure(IEnumerable<string> names, Dictionary<string, (bool IsNative, string[] Dependencies)> packages)
    {
        var closure = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Stack<string>(names);
        while (open.TryPop(out var name))
        {
            if (closure.Add(name) && packages.TryGetValue(name, out var package))
            {
                foreach (var dependency in package.Dependencies)
                    open.Push(dependency);
            }
        }

        return closure;
    }
}
