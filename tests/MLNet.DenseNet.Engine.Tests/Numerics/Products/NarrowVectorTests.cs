using System.Globalization;
using System.Text.RegularExpressions;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>The kernels of a processor without AVX-512, which has half as many registers, on one that has it: tests of this program once more, in a process of its own.</summary>
public partial class NarrowVectorTests
{
    [Fact]
    public void Products_agree_with_float64_and_stay_in_their_memory()
    {
        var run = OtherProgram.Run("MLNet.DenseNet.Engine.Tests", ["-class", "*.MatrixProductTests", "-class", "*.GuardPageTests", "-noLogo", "-noColor"], switchedOff: "DOTNET_EnableAVX512");
        var output = string.Join('\n', run.Lines);
        Assert.True(run.ExitCode == 0, output);
        Assert.InRange(int.Parse(Total().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), 40, 1000);
    }

    [GeneratedRegex(@"Total: (\d+),")]
    private static partial Regex Total();
}
