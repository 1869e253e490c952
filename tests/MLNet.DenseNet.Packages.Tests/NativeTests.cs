namespace MLNet.DenseNet.Packages.Tests;

/// <summary>The engine compiled ahead of time.</summary>
public class NativeTests(PackageFolder packages)
{
    [Fact]
    public void The_engine_alone_as_native_code()
    {
        var linker = new[] { "clang", "gcc" }.FirstOrDefault(DotNet.IsInstalled);
        if (linker is null)
            Assert.Skip("Native code is linked by clang or gcc, neither of which is there.");

        var folder = packages.CopyProgram("Native");
        var (exitCode, output) = DotNet.Try(folder, "dotnet", "publish", "-o", "published", "--use-current-runtime", $"-p:CppCompilerAndLinker={linker}", $"-p:PackageVersionUnderTest={packages.Version}");
        if (output.Contains("ILCompiler", StringComparison.Ordinal) && output.Contains("error NU110", StringComparison.Ordinal))
            Assert.Skip($"No source has the compiler of native code: {output}");
        Assert.True(exitCode == 0, output);

        var program = Path.Combine(folder, "published", "Native");
        Assert.False(File.Exists($"{program}.dll"));
        (exitCode, output) = DotNet.Try(folder, program);
        Assert.Equal((0, "compiled ahead of time\naccuracy as expected\nthe same after loading: True\ntext as expected\n"), (exitCode, output));
    }
}
