using System.Net.Http.Json;

namespace MLNet.DenseNet.Packages.Tests;

/// <summary>Programs that users would write install the packages, run, and say what they should.</summary>
public class ProgramTests(PackageFolder packages)
{
    [Fact]
    public void A_console_program_and_the_same_as_a_single_file_and_trimmed()
    {
        DotNet.Run(packages.NewFolder("Console"), "new", "console", "--no-restore");
        var folder = packages.CopyProgram("Console");
        foreach (var package in new[] { "MLNet.DenseNet.Reporting", "MLNet.DenseNet.ConsoleProgress", "MLNet.DenseNet.Onnx" })
            DotNet.Run(folder, "add", "package", package, "--version", packages.Version);
        Check(DotNet.Run(folder, "run"));
        var onnx = OnnxFile(folder);

        var published = packages.NewFolder("SingleFile");
        DotNet.Run(folder, "publish", "-o", published, "--use-current-runtime", "--self-contained", "false", "-p:PublishSingleFile=true");
        Assert.Empty(Directory.GetFiles(published, "*.dll"));
        var (exitCode, output) = DotNet.Try(published, Path.Combine(published, "Console"));
        Assert.True(exitCode == 0, output);
        Check(output);
        Assert.Equal(onnx, OnnxFile(published));

        // Trimming leaves ML.NET's assemblies whole, which find types by their names, and takes unused code of the runtime.
        var trimmed = packages.NewFolder("Trimmed");
        (exitCode, output) = DotNet.Try(folder, "dotnet", "publish", "-o", trimmed, "--use-current-runtime", "--self-contained", "-p:PublishTrimmed=true", "-p:TrimMode=partial");
        if (output.Contains("error NU110", StringComparison.Ordinal))
            Assert.Skip($"No source has the runtime or what trims it: {output}");
        Assert.True(exitCode == 0, output);
        Assert.False(File.Exists(Path.Combine(trimmed, "Microsoft.VisualBasic.Core.dll")));
        (exitCode, output) = DotNet.Try(trimmed, Path.Combine(trimmed, "Console"));
        Assert.True(exitCode == 0, output);
        Check(output);
        Assert.Equal(onnx, OnnxFile(trimmed));

        // What is in it has tests of its own; the same training gives the same bits.
        static byte[] OnnxFile(string folder) => File.ReadAllBytes(Path.Combine(folder, "network.onnx"));

        static void Check(string output)
        {
            Assert.Contains("accuracy as expected\n100 of 100 predictions are the same after loading\nsame sign: True, False\nreport as expected\n", Lines(output), StringComparison.Ordinal);
            // Progress, as where output is redirected.
            Assert.Contains("epoch  1/40: loss ", output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_web_service_answers_a_thousand_requests_side_by_side()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = packages.CopyProgram("WebService");
        DotNet.Run(folder, "build", "-c", "Release", "-o", "built", $"-p:PackageVersionUnderTest={packages.Version}");
        using var service = DotNet.Start(folder, "dotnet", Path.Combine("built", "WebService.dll"), "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Microsoft.AspNetCore", "Warning");
        try
        {
            var listens = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            service.OutputDataReceived += (_, line) =>
            {
                if (line.Data is null)
                    listens.TrySetException(new InvalidOperationException("The service ended."));
                else if (line.Data.Split("listening on: ") is [_, var heard])
                    listens.TrySetResult(heard.Trim());
            };
            service.BeginOutputReadLine();
            var address = await listens.Task.WaitAsync(TimeSpan.FromMinutes(5), cancellation);

            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 200 }) { BaseAddress = new Uri(address) };
            var random = new Random(2);
            float[][] rows = [.. Enumerable.Range(0, 1000).Select(_ => new[] { random.NextSingle(), random.NextSingle() })];
            var prices = await Task.WhenAll(rows.Select(PriceAsync));

            Assert.All(rows.Zip(prices), row => Assert.Equal(300 * row.First[0] + 100 * row.First[1], row.Second, tolerance: 20f));
            for (var i = 0; i < rows.Length; i++)
                Assert.Equal(await PriceAsync(rows[i]), prices[i]);

            async Task<float> PriceAsync(float[] row)
            {
                using var answer = await client.PostAsJsonAsync("/price", row, cancellation);
                return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<float>(cancellation);
            }
        }
        finally
        {
            service.Kill();
        }
    }

    [Fact]
    public void An_fsharp_script()
    {
        var folder = packages.CopyProgram("Script");
        var script = Path.Combine(folder, "train.fsx");
        File.WriteAllText(script, File.ReadAllText(script).Replace("FOLDER", packages.Path, StringComparison.Ordinal).Replace("VERSION", packages.Version, StringComparison.Ordinal));
        Assert.Contains("R-squared as expected\n", Lines(DotNet.Run(folder, "fsi", script)), StringComparison.Ordinal);
    }

    private static string Lines(string output) => output.ReplaceLineEndings("\n");
}
