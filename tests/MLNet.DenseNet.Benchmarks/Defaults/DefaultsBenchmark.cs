using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>
/// Cross-validates DenseNeuralNet() as it is by default, in other settings, and other trainers as they are by default, all on the same folds of tables that are
/// as people have them: what the defaults are chosen by.
/// </summary>
internal static class DefaultsBenchmark
{
    /// <returns>Whether the command line could be read.</returns>
    public static bool Run(string[] arguments)
    {
        string[] names = [.. TabularTrainer.All.Select(trainer => trainer.Name), .. ScikitLearn.Variants.Keys];
        TabularSet[] sets = [.. RealSets.Load().Concat(MadeSets.Create()).OrderBy(set => set.Rows * set.Inputs)];
        var repetitions = 2;
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var values = arguments[i + 1].Split(',');
            switch (arguments[i])
            {
                case "--tables":
                    sets = [.. FolderSets.Load(arguments[i + 1]).OrderBy(set => set.Rows * set.Inputs)];
                    break;
                case "--sets":
                    sets = [.. sets.Where(set => values.Contains(set.Name))];
                    break;
                case "--trainers":
                    names = [.. names.Where(name => values.Any(value => name.StartsWith(value, StringComparison.OrdinalIgnoreCase)))];
                    break;
                case "--repetitions" when int.TryParse(values[0], CultureInfo.InvariantCulture, out repetitions) && repetitions >= 1:
                    break;
                default:
                    return false;
            }
        }

        if (arguments.Length % 2 != 0 || sets.Length == 0 || names.Length == 0)
            return false;

        Console.WriteLine($"{Fold.Count}-fold cross-validation, {repetitions} times, each fold with a seed of its own; mean ± standard error over the folds");
        var measurements = new Measurements();
        foreach (var set in sets)
        {
            using var peer = names.Any(ScikitLearn.Variants.ContainsKey) ? ScikitLearn.Start(set) : null;
            if (peer is null)
                names = [.. names.Where(name => !ScikitLearn.Variants.ContainsKey(name))];
            foreach (var name in names)
                Measure(set, name, repetitions, peer, measurements);
        }

        new DefaultsReport(measurements, [.. TabularTrainer.All.Where(trainer => trainer.IsAlternative).Select(trainer => trainer.Name)]).Write();
        return true;
    }

    private static void Measure(TabularSet set, string name, int repetitions, ScikitLearn? peer, Measurements measurements)
    {
        var trainer = TabularTrainer.All.SingleOrDefault(trainer => trainer.Name == name);
        foreach (var fold in Fold.Divide(set, repetitions))
        {
            var (predictions, seconds) = trainer is null ? peer!.Run(name, fold) : trainer.Run(set, fold);
            measurements.Add(name, set, Score.Of(set, fold.Test, predictions), seconds);
        }

        var (mean, _) = measurements.Summarize(name, set, score => score.Quality);
        Console.Error.WriteLine(FormattableString.Invariant($"{set.Name}: {name}: {mean:F3}, {measurements.Seconds(name, set):F3} s"));
    }
}
