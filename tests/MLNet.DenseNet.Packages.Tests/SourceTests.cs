using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.Json;
using System.Xml.Linq;

namespace MLNet.DenseNet.Packages.Tests;

/// <summary>Where the code of a package comes from: its repository and commit, the sources that a debugger shows, and the same bits from any folder.</summary>
public class SourceTests(PackageFolder packages)
{
    private const string Address = "https://github.com/example/densenet";

    // Of the specification of portable PDB files.
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public void Each_assembly_is_reproducible_and_its_symbols_know_its_sources() => Assert.All(Directory.GetFiles(packages.Path, "*.nupkg"), path =>
    {
        var commit = Commit();
        var package = new PackedAssembly(path);
        Assert.Equal(commit, (string?)package.Repository?.Attribute("commit"));
        using var assembly = new PEReader(package.Assembly);
        var entries = assembly.ReadDebugDirectory();
        Assert.Contains(entries, entry => entry.Type == DebugDirectoryEntryType.Reproducible);

        using var symbols = MetadataReaderProvider.FromPortablePdbImage(package.Symbols);
        var reader = symbols.GetMetadataReader();
        Assert.Equal(assembly.ReadCodeViewDebugDirectoryData(entries.Single(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid, new BlobContentId(reader.DebugMetadataHeader!.Id).Guid);
        Assert.NotEmpty(reader.Documents);
        foreach (var document in reader.Documents)
        {
            // Sources of the repository are found by their paths in it; those that the build makes go with the symbols.
            var name = reader.GetString(reader.GetDocument(document).Name);
            Assert.StartsWith("/_/", name, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(Repository.Root, name[3..])) || Contents(reader, document, EmbeddedSource) is not null, name);
        }
    });

    [Fact]
    public void Packages_of_two_clones_lead_to_the_repository_and_are_the_same()
    {
        var commit = Commit();
        var (first, second) = (PackClone("first"), PackClone("second"));
        Assert.Equal(first.Assembly, second.Assembly);
        Assert.Equal(first.Symbols, second.Symbols);

        Assert.Equal(Address, first.Nuspec.Single(element => element.Name.LocalName == "projectUrl").Value);
        Assert.Equal(("git", Address, commit), ((string?)first.Repository!.Attribute("type"), (string?)first.Repository.Attribute("url"), (string?)first.Repository.Attribute("commit")));
        using var symbols = MetadataReaderProvider.FromPortablePdbImage(first.Symbols);
        var link = Contents(symbols.GetMetadataReader(), EntityHandle.ModuleDefinition, SourceLink);
        Assert.NotNull(link);
        Assert.Equal($"https://raw.githubusercontent.com/example/densenet/{commit}/*", JsonDocument.Parse(link).RootElement.GetProperty("documents").GetProperty("/_/*").GetString());
    }

    /// <summary>What the Guide says of trimming is given on the command line, and comes to the projects that a program refers to as well, where warnings are errors and packages are locked.</summary>
    [Fact]
    public void Projects_that_a_trimmed_program_refers_to_are_built()
    {
        Commit();
        var clone = Clone(packages.NewFolder("trimmed"));
        var (exitCode, output) = DotNet.Try(clone, "dotnet", "build", "src/MLNet.DenseNet", "-c", "Release", "-p:PublishTrimmed=true", "-p:TrimMode=partial");
        if (output.Contains("error NU110", StringComparison.Ordinal))
            Assert.Skip($"No source has what trims: {output}");
        Assert.True(exitCode == 0, output);
        Assert.Equal("", Git(clone, "status", "--porcelain"));
    }

    /// <summary>The package of the commit, made in a clone that knows where it comes from.</summary>
    private PackedAssembly PackClone(string name)
    {
        var folder = packages.NewFolder(name);
        var clone = Clone(folder);
        Git(clone, "remote", "set-url", "origin", Address);
        DotNet.Run(clone, "pack", Path.Combine("src", "MLNet.DenseNet"), "-c", "Release", "-o", folder, "-p:RunAnalyzers=false", $"-p:RepositoryAddress={Address}");
        return new PackedAssembly(Directory.GetFiles(folder, "MLNet.DenseNet.*.nupkg").Single());
    }

    private static string Clone(string folder)
    {
        Git(folder, "clone", "--quiet", "--shared", Repository.Root, "clone");
        return Path.Combine(folder, "clone");
    }

    private static string Commit()
    {
        const string Reason = "The commit is known where the repository is one of git, which is to be installed.";
        if (!Path.Exists(Path.Combine(Repository.Root, ".git")) || !DotNet.IsInstalled("git"))
            Assert.Skip(Reason);
        var (exitCode, output) = DotNet.Try(Repository.Root, "git", "rev-parse", "HEAD");
        if (exitCode != 0)
            Assert.Skip($"{Reason} {output}");
        return output.Trim();
    }

    private static string Git(string folder, params string[] arguments)
    {
        var (exitCode, output) = DotNet.Try(folder, "git", arguments);
        Assert.True(exitCode == 0, output);
        return output.Trim();
    }

    private static byte[]? Contents(MetadataReader reader, EntityHandle of, Guid kind) =>
        reader.GetCustomDebugInformation(of).Select(handle => reader.GetCustomDebugInformation(handle)).Where(item => reader.GetGuid(item.Kind) == kind).Select(item => reader.GetBlobBytes(item.Value)).SingleOrDefault();

    /// <summary>A package with one assembly, and the symbols beside it.</summary>
    private sealed class PackedAssembly
    {
        public PackedAssembly(string path)
        {
            using var package = ZipFile.OpenRead(path);
            using var nuspec = Single(package, ".nuspec").Open();
            Nuspec = [.. XDocument.Load(nuspec).Descendants()];
            Assembly = Read(Single(package, ".dll"));
            using var symbols = ZipFile.OpenRead(Path.ChangeExtension(path, "snupkg"));
            Symbols = Read(Single(symbols, ".pdb"));
        }

        public IReadOnlyList<XElement> Nuspec { get; }

        public XElement? Repository => Nuspec.SingleOrDefault(element => element.Name.LocalName == "repository");

        public ImmutableArray<byte> Assembly { get; }

        public ImmutableArray<byte> Symbols { get; }

        private static ZipArchiveEntry Single(ZipArchive package, string ending) => package.Entries.Single(entry => entry.Name.EndsWith(ending, StringComparison.Ordinal));

        private static ImmutableArray<byte> Read(ZipArchiveEntry entry)
        {
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return [.. memory.ToArray()];
        }
    }
}
