using System.Diagnostics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>A script in the folder peers that writes data of R's packages.</summary>
internal static class RScript
{
    /// <returns>The lines that it writes; null where R or a package is not there.</returns>
    public static string[]? TryRun(string name, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("Rscript", [Path.Combine(AppContext.BaseDirectory, "peers", name), .. arguments]) { RedirectStandardOutput = true })!;
            var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            process.WaitForExit();
            return process.ExitCode == 0 ? lines : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
