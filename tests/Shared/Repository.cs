namespace MLNet.DenseNet.Tests.Shared;

/// <summary>Where the tests run.</summary>
internal static class Repository
{
    /// <summary>The repository's folder, found above the one that the tests run in.</summary>
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "MLNet.DenseNet.sln")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
        return directory.FullName;
    }
}
