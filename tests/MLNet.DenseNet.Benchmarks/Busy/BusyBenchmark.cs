using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// Trainings on a machine that others use: with some of the processors busy, the default number of threads, which adapts, against each fixed number. What is asked is that the default
/// never takes more than 1.2 times as long as the best fixed number.
/// </summary>
internal static class BusyBenchmark
{
    private const int Samples = 7;

    private static readonly BusyTraining[] Trainings =
    [
        new("small", Rows: 4000, Units: [32, 256, 256, 1], BatchSize: 32, Epochs: 5),
        new("large", Rows: 4000, Units: [784, 512, 256, 10], BatchSize: 128, Epochs: 3),
        new("ensemble", Rows: 2000, Units: [32, 128, 64, 1], BatchSize: 32, Epochs: 30, Members: 4),
    ];

    public static void Run(IReadOnlyCollection<string> names)
    {
        foreach (var training in Trainings.Where(training => names.Count == 0 || names.Contains(training.Name)))
        {
            Console.WriteLine($"{training.Name}: {training.Rows} rows, units {string.Join('-', training.Units)}, {training.Members} member(s), batches of {training.BatchSize}, {training.Epochs} epochs");
            for (var busy = 0; busy <= Environment.ProcessorCount; busy++)
            {
                using var load = new BusyLoad(busy);
                Compare($"{busy} busy", training, at: 1);
            }

            foreach (var at in (int[])[2, 4])
                Compare($"{at} at once", training, at);
            if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
                CompareUnderQuota(training, Environment.ProcessorCount - 0.5);
        }
    }

    /// <summary>What each process does: prints the seconds of trainings with a number of threads, 0 for the default.</summary>
    public static void Measure(string name, string threads)
    {
        var (training, number) = (Trainings.Single(training => training.Name == name), int.Parse(threads, CultureInfo.InvariantCulture));
        var times = Enumerable.Range(-1, Samples + 1).Select(_ => training.Time(number == 0 ? null : number, atOnce: 1)).ToArray();
        Console.WriteLine(string.Join(' ', times[1..].Select(time => time.ToString("R", CultureInfo.InvariantCulture))));
    }

    private static void CompareUnderQuota(BusyTraining training, double processors)
    {
        var how = "";
        int?[] columns = [null, .. FixedNumbers];
        var times = Array.ConvertAll(columns, threads =>
        {
            (var numbers, how) = BusyQuota.Measure(processors, "busy-of", training.Name, (threads ?? 0).ToString(CultureInfo.InvariantCulture));
            return numbers.ToList();
        });
        Print(FormattableString.Invariant($"quota {processors}"), columns, times);
        Console.WriteLine($"             (held {how})");
    }

    /// <param name="what">Names the row.</param>
    /// <param name="training">What is timed.</param>
    /// <param name="at">How many trainings at once, in this process.</param>
    private static void Compare(string what, BusyTraining training, int at)
    {
        int?[] columns = [null, .. FixedNumbers];
        var times = Array.ConvertAll(columns, _ => new List<double>());
        for (var sample = -1; sample < Samples; sample++)
        {
            for (var column = 0; column < columns.Length; column++)
            {
                var time = training.Time(columns[column], at);
                if (sample >= 0)
                    times[column].Add(time);
            }
        }

        Print(what, columns, times);
    }

    private static void Print(string what, int?[] columns, List<double>[] times)
    {
        var medians = Array.ConvertAll(times, Turns.Median);
        var best = medians[1..].Min();
        Console.WriteLine(FormattableString.Invariant(
            $"  {what,-10} default {medians[0] * 1e3,7:F1} ms ({times[0].Min() * 1e3:F0} to {times[0].Max() * 1e3:F0}), {medians[0] / best:F2} times the best; {string.Join(", ", columns[1..].Zip(medians[1..], (threads, time) => FormattableString.Invariant($"{threads} thread(s) {time * 1e3:F1}")))}"));
    }

    /// <summary>All, or a few where there are many processors.</summary>
    private static IEnumerable<int?> FixedNumbers =>
        Enumerable.Range(1, Environment.ProcessorCount).Where(n => n <= 4 || n == Environment.ProcessorCount || n % (Environment.ProcessorCount / 4) == 0).Select(n => (int?)n);
}
