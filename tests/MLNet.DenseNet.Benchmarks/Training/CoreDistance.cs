using System.Diagnostics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>How far two cores are from each other: the time in which a cache line goes from one to the other and back.</summary>
internal static class CoreDistance
{
    public static double MeasureNanoseconds()
    {
        const int Rounds = 300_000;
        var lines = new int[256];
        var other = new Thread(() =>
        {
            for (var i = 1; i <= Rounds; i++)
            {
                while (Volatile.Read(ref lines[64]) != i)
                {
                }

                Volatile.Write(ref lines[192], i);
            }
        });
        other.Start();
        var start = Stopwatch.GetTimestamp();
        for (var i = 1; i <= Rounds; i++)
        {
            Volatile.Write(ref lines[64], i);
            while (Volatile.Read(ref lines[192]) != i)
            {
            }
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        other.Join();
        return elapsed.TotalNanoseconds / Rounds;
    }
}
