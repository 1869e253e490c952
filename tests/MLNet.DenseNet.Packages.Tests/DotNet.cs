using System.Diagnostics;

namespace MLNet.DenseNet.Packages.Tests;

/// <summary>Commands in folders of users.</summary>
internal static class DotNet
{
    /// <summary>Runs <c>dotnet</c> to its end, which is to be a success.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <returns>What it wrote.</returns>
    public static string Run(string folder, params string[] arguments)
    {
        var (exitCode, output) = Try(folder, "dotnet", arguments);
        Assert.True(exitCode == 0, $"dotnet {string.Join(' ', arguments)}\n{output}");
        return output;
    }

    /// <summary>Runs a program to its end, which is to come within a quarter of an hour.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public static (int ExitCode, string Output) Try(string folder, string program, params string[] arguments)
    {
        using var process = Start(folder, program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromMinutes(15)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} does not end");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    /// <summary>Whether a program of Unix is there.</summary>
    public static bool IsInstalled(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    public static Process Start(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // The build that runs the tests tells its children of itself.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // No build stays behind, which would also keep the output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        return Process.Start(start)!;
    }
}
