namespace MLNet.DenseNet.Tests;

/// <summary>Memory is safe whatever comes in: tests/HostileInputs, in a process of its own, since foreign memory ends a process.</summary>
public class HostileInputsTests
{
    [Fact]
    public void Every_way_in_refuses_what_is_wrong_and_takes_what_is_right()
    {
        var run = OtherProgram.Run("HostileInputs", ["60"]);
        Assert.True(run.ExitCode == 0, $"After {run.Lines.LastOrDefault()}: exit code {run.ExitCode}, {run.Error}");
        Assert.Equal(60, run.Lines.Count(line => line.StartsWith("scoring: ", StringComparison.Ordinal)));
        Assert.Equal(11, run.Lines.Count(line => line.StartsWith("scoring keys: ", StringComparison.Ordinal)));
        Assert.Equal(16, run.Lines.Count(line => !line.StartsWith("scoring", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_process_that_dies_is_seen() => Assert.NotEqual(0, OtherProgram.Run("HostileInputs", ["0"]).ExitCode);
}
