using System.Diagnostics;

namespace MLNet.DenseNet.Tests;

/// <summary>Memory is safe whatever comes in: tests/HostileInputs, in a process of its own, since foreign memory ends a process.</summary>
public class HostileInputsTests
{
    [Fact]
    public void Every_way_in_refuses_what_is_wrong_and_takes_what_is_right()
    {
        var (code, output, error) = Run(samples: 60);
        Assert.True(code == 0, $"After {output.LastOrDefault()}: exit code {code}, {error}");
        Assert.Equal(32, output.Count(line => line.StartsWith("scoring: ", StringComparison.Ordinal)));
        Assert.Equal(14, output.Count(line => !line.StartsWith("scoring: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_process_that_dies_is_seen() => Assert.NotEqual(0, Run(samples: 0).Code);

    private static (int Code, string[] Output, string Error) Run(int samples)
    {
        // Built beside this project: tests/HostileInputs/bin/CONFIGURATION/net10.0.
        var bin = AppContext.BaseDirectory.Replace("MLNet.DenseNet.Tests", "HostileInputs", StringComparison.Ordinal);
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(bin, "HostileInputs.dll"), $"{samples}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries), error.Result);
    }
}
