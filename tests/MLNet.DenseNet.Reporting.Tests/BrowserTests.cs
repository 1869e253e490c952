using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MLNet.DenseNet.Reporting.Tests;

/// <summary>The page as Chromium shows it, where it is installed.</summary>
public sealed partial class BrowserTests : IDisposable
{
    private static readonly string? Browser = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])[Path.Combine(folder, "chromium"), Path.Combine(folder, "google-chrome")]).FirstOrDefault(File.Exists);

    private readonly string _folder = Directory.CreateTempSubdirectory("browser").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(390, false)]
    [InlineData(390, true)]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    public void Every_chart_is_visible_nothing_overflows_and_the_console_stays_empty(int width, bool isDark)
    {
        Assert.SkipWhen(Browser is null, "Chromium is not installed.");
        var (history, evaluation) = Runs.Classification();
        var path = Path.Combine(_folder, "training.html");
        history.SaveReport(path, evaluation);
        // Measured by a script of the test's own, in a copy that allows one, and shown within a frame of the width asked for: a headless window has a least one.
        var page = File.ReadAllText(path)
            .Replace("style-src", "script-src 'unsafe-inline'; style-src", StringComparison.Ordinal)
            .Replace("</body>", $$"""
                <script>
                addEventListener('load', () => {
                  const images = [...document.images];
                  const seen = images.filter(i => i.complete && i.naturalWidth > 0 && i.getBoundingClientRect().width > 200 && i.getBoundingClientRect().height > 100).length;
                  const dark = images.filter(i => i.currentSrc !== i.src).length;
                  const wide = [...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && e.getBoundingClientRect().right > innerWidth + 1).length;
                  parent.postMessage([images.length, seen, dark, wide, innerWidth].join(), '*');
                });
                </script></body>
                """, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "measured.html"), page);
        var host = Path.Combine(_folder, "host.html");
        File.WriteAllText(host, $$"""
            <!DOCTYPE html><html><body><script>addEventListener('message', e => document.body.append('measured ' + e.data + ' end'));</script>
            <iframe src="measured.html" style="width:{{width}}px;height:3000px;border:0"></iframe></body></html>
            """);

        var (output, errors) = Run(isDark, $"--window-size={width + 100},3000", "--virtual-time-budget=10000", "--dump-dom", new Uri(host).AbsoluteUri);
        var measured = Measured().Match(output);
        Assert.True(measured.Success, errors);
        var numbers = measured.Groups[1].Value.Split(',').Select(int.Parse).ToArray();
        Assert.Equal([10, 10, isDark ? 10 : 0, 0, width], numbers);
        Assert.DoesNotContain("CONSOLE", errors, StringComparison.Ordinal);
    }

    private (string Output, string Errors) Run(bool isDark, params string[] arguments)
    {
        var start = new ProcessStartInfo(Browser!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] all =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", $"--user-data-dir={Path.Combine(_folder, "profile")}",
            .. isDark ? (string[])["--blink-settings=preferredColorScheme=0"] : ["--blink-settings=preferredColorScheme=1"], .. arguments,
        ];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, errors.Result);
    }

    [GeneratedRegex("measured ([0-9,]+) end")]
    private static partial Regex Measured();
}
