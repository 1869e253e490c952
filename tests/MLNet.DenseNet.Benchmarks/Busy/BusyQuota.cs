using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// A process of this program that gets a share of the processors' time only, as in a container: by the control group (version 2, cpu.max) where one may be made, else by stopping the
/// process, as the control group would, for the rest of each tenth of a second in which it has used its share (Linux).
/// </summary>
internal static partial class BusyQuota
{
    private const int PeriodMilliseconds = 100;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    /// <summary>Runs this program.</summary>
    /// <param name="processors">How many processors' time it gets.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The numbers that it prints, and how the quota was held.</returns>
    public static (double[] Numbers, string How) Measure(double processors, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true })!;
        var group = TryMakeGroup(process, processors);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            if (group is null)
                StopAndContinue(process, processors);
            process.WaitForExit();
            var numbers = output.Result.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(number => double.Parse(number, CultureInfo.InvariantCulture));
            return ([.. numbers], group is null ? "by stopping the process: no control group can be made here" : "by cpu.max");
        }
        finally
        {
            if (group is not null)
                Directory.Delete(group);
        }
    }

    private static string? TryMakeGroup(Process process, double processors)
    {
        var group = $"/sys/fs/cgroup/densenet-busy-{Environment.ProcessId}";
        if (!File.Exists("/sys/fs/cgroup/cgroup.controllers"))
            return null;
        try
        {
            Directory.CreateDirectory(group);
            File.WriteAllText($"{group}/cpu.max", FormattableString.Invariant($"{processors * PeriodMilliseconds * 1000:F0} {PeriodMilliseconds * 1000}"));
            File.WriteAllText($"{group}/cgroup.procs", process.Id.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(group))
                Directory.Delete(group);
            return null;
        }
    }

    private static void StopAndContinue(Process process, double processors)
    {
        var quota = processors * PeriodMilliseconds;
        while (!process.HasExited)
        {
            var (period, used) = (Stopwatch.StartNew(), Used());
            var isStopped = false;
            while (period.ElapsedMilliseconds < PeriodMilliseconds)
            {
                Thread.Sleep(2);
                if (!isStopped && Used() - used > quota)
                    isStopped = Kill(process.Id, SignalStop) == 0;
            }

            if (isStopped)
                _ = Kill(process.Id, SignalContinue);
        }

        double Used()
        {
            try
            {
                process.Refresh();
                return process.TotalProcessorTime.TotalMilliseconds;
            }
            catch (InvalidOperationException)
            {
                // It has ended.
                return 0;
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
