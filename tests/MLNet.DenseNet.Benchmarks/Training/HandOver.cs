using System.Diagnostics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>How long it takes to give work to a team of threads and to get it back.</summary>
internal static class HandOver
{
    private const int Rounds = 20_000;

    // Long enough for every thread to begin its part before the caller would do it instead.
    private const double WorkMicroseconds = 5;
    private const int Samples = 7;

    /// <summary>Without the work itself, which takes all threads the same time; the best of some samples.</summary>
    public static double MeasureMicroseconds(int threads)
    {
        using var team = new ThreadTeam(threads, adapts: false);
        var (work, best) = (default(Waiting), double.PositiveInfinity);
        for (var sample = 0; sample < Samples; sample++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Rounds; i++)
                team.Run(ref work, threads);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / Rounds - WorkMicroseconds);
        }

        return best;
    }

    private readonly struct Waiting : ITeamWork
    {
        public void Do(int part, int parts)
        {
            var end = Stopwatch.GetTimestamp() + (long)(WorkMicroseconds * Stopwatch.Frequency / 1e6);
            while (Stopwatch.GetTimestamp() < end)
            {
            }
        }
    }
}
