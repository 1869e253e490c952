using System.Diagnostics;
using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>The resident memory of this process, in bytes (Linux, /proc/self/status): managed arrays as well as the runtime's own.</summary>
internal static class ResidentMemory
{
    public static long Current => Read("VmRSS:");

    /// <summary>The most since the process began.</summary>
    public static long Peak => Read("VmHWM:");

    /// <summary>Runs this program with other arguments in a process of its own, since a peak never falls.</summary>
    /// <returns>The numbers that it prints.</returns>
    public static double[] MeasureInProcess(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ResidentMemory).Assembly.Location, .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}.");
        return [.. output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
    }

    public static void Print(params double[] numbers) => Console.WriteLine(string.Join(' ', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture))));

    private static long Read(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
