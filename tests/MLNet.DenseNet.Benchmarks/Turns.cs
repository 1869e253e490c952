namespace MLNet.DenseNet.Benchmarks;

/// <summary>Trainings that are timed by turns, so that what slows the machine down for a while slows all of them.</summary>
internal static class Turns
{
    private const int Samples = 9;
    private const int WarmUpSamples = 3;

    /// <summary>Times an epoch of each training in turn, again and again, and ends them.</summary>
    /// <param name="trainings">The trainings.</param>
    /// <returns>For each of them, the seconds of an epoch, turn by turn.</returns>
    public static IReadOnlyList<List<double>> Time(IReadOnlyList<PausingTraining> trainings)
    {
        List<double>[] seconds = [.. trainings.Select(_ => new List<double>())];
        try
        {
            for (var sample = -WarmUpSamples; sample < Samples; sample++)
            {
                for (var index = 0; index < trainings.Count; index++)
                {
                    var time = trainings[index].NextSample();
                    if (sample >= 0)
                        seconds[index].Add(time);
                }
            }
        }
        finally
        {
            foreach (var training in trainings)
                training.Dispose();
        }

        return seconds;
    }

    /// <summary>The median of how many times as long an epoch took as that of the same turn of another training.</summary>
    public static double Ratio(IEnumerable<double> samples, IEnumerable<double> others) => Median(samples.Zip(others, (x, y) => x / y));

    public static double Median(IEnumerable<double> samples) => samples.Order().ElementAt(samples.Count() / 2);
}
