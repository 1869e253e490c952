using System.IO.Compression;
using System.Xml.Linq;

namespace MLNet.DenseNet.Packages.Tests;

/// <summary>The packages as files.</summary>
public class PackagesTests(PackageFolder packages)
{
    [Fact]
    public void There_is_a_package_for_each_project_and_its_symbols()
    {
        var projects = Directory.GetDirectories(Path.Combine(Repository.Root, "src"), "MLNet.DenseNet*").Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(projects.Select(project => $"{project}.{packages.Version}.nupkg"), Names("*.nupkg"));
        Assert.Equal(projects.Select(project => $"{project}.{packages.Version}.snupkg"), Names("*.snupkg"));
    }

    [Fact]
    public void Each_says_what_it_is_and_needs_the_others_in_its_own_version() => Assert.All(Directory.GetFiles(packages.Path, "*.nupkg"), path =>
    {
        using var package = ZipFile.OpenRead(path);
        using var stream = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        var elements = XDocument.Load(stream).Descendants().ToArray();
        foreach (var name in new[] { "title", "description", "tags", "copyright", "icon", "readme", "license" })
            Assert.False(string.IsNullOrWhiteSpace(elements.Single(element => element.Name.LocalName == name).Value), name);
        Assert.NotNull(package.GetEntry("icon.png"));
        Assert.NotNull(package.GetEntry("README.md"));
        // They are left to a property.
        Assert.DoesNotContain(elements, element => element.Name.LocalName == "projectUrl" || element.Attribute("url") is not null);

        var own = elements.Where(element => element.Name.LocalName == "dependency" && ((string)element.Attribute("id")!).StartsWith("MLNet.DenseNet", StringComparison.Ordinal));
        Assert.All(own, dependency => Assert.Equal($"[{packages.Version}]", (string)dependency.Attribute("version")!));
    });

    private IEnumerable<string?> Names(string pattern) => Directory.GetFiles(packages.Path, pattern).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
