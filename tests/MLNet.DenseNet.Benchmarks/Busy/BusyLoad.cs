using System.Diagnostics;
using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Other work that keeps processors busy: processes of one computing thread each. They end by themselves, whatever becomes of who started them.</summary>
internal sealed class BusyLoad : IDisposable
{
    private const int MostSeconds = 60;

    private readonly List<Process> _processes = [];

    public BusyLoad(int processors)
    {
        for (var i = 0; i < processors; i++)
        {
            var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["busy-load", MostSeconds.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadLine();
            _processes.Add(process);
        }
    }

    /// <summary>What each process does.</summary>
    public static void Compute(string seconds)
    {
        Console.WriteLine("computing");
        var until = Stopwatch.StartNew();
        var sum = 0.0;
        while (until.Elapsed.TotalSeconds < double.Parse(seconds, CultureInfo.InvariantCulture))
        {
            for (var i = 0; i < 100_000; i++)
                sum += Math.Sqrt(i);
        }

        GC.KeepAlive(sum);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
