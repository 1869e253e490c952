using System.Diagnostics;

namespace MLNet.DenseNet.Tests.Shared;

/// <summary>A program of the tests that runs in a process of its own.</summary>
/// <param name="ExitCode">0 where all went well.</param>
/// <param name="Lines">What it wrote.</param>
/// <param name="Error">What it wrote of errors.</param>
internal sealed record OtherProgram(int ExitCode, string[] Lines, string Error)
{
    /// <param name="project">Its project, a folder beside those of the tests, which is built with them.</param>
    /// <param name="arguments">What it is called with.</param>
    /// <param name="switchedOff">An environment variable that is 0 for it.</param>
    /// <param name="killAfter">After how many lines it is killed (signal 9 on Unix); null for not at all.</param>
    public static OtherProgram Run(string project, IEnumerable<string> arguments, string? switchedOff = null, int? killAfter = null)
    {
        // tests/PROJECT/bin/CONFIGURATION/net10.0, as of the tests' own.
        var bin = Path.Combine(Repository.Root, "tests", project, "bin", Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "..", ".."), AppContext.BaseDirectory));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(bin, $"{project}.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (switchedOff is not null)
            start.Environment[switchedOff] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (lines.Count == killAfter)
                process.Kill();
        }

        process.WaitForExit();
        return new OtherProgram(process.ExitCode, [.. lines], error.Result);
    }
}
