using System.Globalization;
using System.Xml.Linq;

namespace MLNet.DenseNet.Packages.Tests;

/// <summary>A folder with the packages, as a source for programs in folders beside it, which have nothing else of this repository.</summary>
public sealed class PackageFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("packages").FullName;

    /// <summary>Packs them in a version that no cache has.</summary>
    public PackageFolder()
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(_root, "source")).FullName;
        // The build of the tests has run the analyzers.
        DotNet.Run(Repository.Root, "pack", "--no-restore", "-c", "Release", "-o", Path, $"-p:PackageVersion={Version}", "-p:RunAnalyzers=false");

        // What the repository says of sources, and the folder.
        var config = XDocument.Load(System.IO.Path.Combine(Repository.Root, "NuGet.config"));
        config.Root!.Add(new XElement("packageSources", new XElement("add", new XAttribute("key", "packages"), new XAttribute("value", Path))));
        config.Save(System.IO.Path.Combine(_root, "NuGet.config"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The version of all of them.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A new folder, whose programs find the packages.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(_root, name)).FullName;

    /// <summary>A folder with the files of a program.</summary>
    /// <param name="name">A folder of Programs.</param>
    public string CopyProgram(string name)
    {
        var folder = NewFolder(name);
        foreach (var file in Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "tests", "MLNet.DenseNet.Packages.Tests", "Programs", name)))
            File.Copy(file, System.IO.Path.Combine(folder, System.IO.Path.GetFileName(file)), overwrite: true);
        return folder;
    }

    /// <summary>Takes all away, from the cache too.</summary>
    public void Dispose()
    {
        var cache = DotNet.Run(_root, "nuget", "locals", "global-packages", "--list").Split(": ", 2)[1].Trim();
        foreach (var package in Directory.GetFiles(Path, "*.nupkg"))
        {
            var id = System.IO.Path.GetFileName(package)[..^$".{Version}.nupkg".Length];
            var installed = System.IO.Path.Combine(cache, id.ToLowerInvariant(), Version);
            if (Directory.Exists(installed))
                Directory.Delete(installed, recursive: true);
            var versions = new DirectoryInfo(System.IO.Path.GetDirectoryName(installed)!);
            if (versions.Exists && !versions.EnumerateFileSystemInfos().Any())
                versions.Delete();
        }

        Directory.Delete(_root, recursive: true);
    }
}
