using System.Globalization;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>The trained weights have the bits committed in golden.txt, whatever the number of threads and the instruction set.</summary>
public class BitIdentityTests
{
    private static readonly int Width =
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    [Theory]
    [InlineData(null, 512)]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 0)]
    public void Training_gives_the_committed_bits(string? switchedOff, int widest)
    {
        int[] threads = [1, 2, 3, 8];
        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "golden.txt"));
        Assert.Equal(24, golden.Length);
        Assert.Equal(threads.SelectMany(_ => golden), RunTrainedBits(switchedOff, [Math.Min(Width, widest), .. threads]));
    }

    [Fact]
    public void A_switch_that_does_not_take_is_noticed() =>
        Assert.Throws<InvalidOperationException>(() => RunTrainedBits("DOTNET_EnableNothing", [Width - 1]));

    private static string[] RunTrainedBits(string? switchedOff, IEnumerable<int> arguments)
    {
        var run = OtherProgram.Run("TrainedBits", arguments.Select(x => x.ToString(CultureInfo.InvariantCulture)), switchedOff);
        return run.ExitCode == 0 ? run.Lines : throw new InvalidOperationException(run.Error);
    }
}
