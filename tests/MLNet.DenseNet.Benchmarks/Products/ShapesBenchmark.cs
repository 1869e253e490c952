using System.Globalization;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Times the three products of a layer over all sizes of batch, inputs and units, and looks for cliffs: sizes whose double is computed at a much lower rate.</summary>
internal static class ShapesBenchmark
{
    // Of the rate at half the size.
    private const double Cliff = 0.75;
    private const int Samples = 3;
    private const double SecondsPerSample = 0.002;

    private static readonly string[] Options = ["--batches", "--inputs", "--units", "--threads", "--picture"];

    /// <param name="arguments">--batches, --inputs and --units with sizes, each twice the one before to be compared; --threads with a number; --picture with the path of an SVG file.</param>
    /// <returns>Whether the command line could be read.</returns>
    public static bool Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count % 2 != 0 || arguments.Where((_, i) => i % 2 == 0).Any(option => !Options.Contains(option)))
            return false;
        var (batches, inputs, units) = (Sizes("--batches", 8192), Sizes("--inputs", 4096), Sizes("--units", 4096));
        var threads = Values("--threads") is [var number, ..] ? number : 1;
        using var team = threads > 1 ? new ThreadTeam(threads, adapts: false) : null;
        var peak = Peak.Measure(threads);
        Console.WriteLine(FormattableString.Invariant($"{Processor.Name}, {threads} thread(s), peak {peak / 1e9:F1} GFLOP/s; batch x inputs x units, and the share of the peak of forward product, weight gradient and input gradient"));

        var shares = new Dictionary<(LayerSize Size, ProductForm Form), double>();
        foreach (var size in from batch in batches from input in inputs from unit in units select new LayerSize(batch, input, unit))
        {
            var products = new LayerProducts(size, team);
            foreach (var form in Enum.GetValues<ProductForm>())
                shares[(size, form)] = products.Rate(form, Samples, SecondsPerSample) / peak;
            Console.WriteLine(FormattableString.Invariant($"{size,-20} {string.Join("  ", Enum.GetValues<ProductForm>().Select(form => $"{100 * shares[(size, form)],5:F1}"))}"));
        }

        Report(shares);
        if (Texts("--picture") is [var path, ..])
            ShapesPicture.Write(path, shares, batches, inputs, units);
        return true;

        int[] Sizes(string name, int most) => Values(name) is { Length: > 0 } sizes ? sizes : [.. Enumerable.Range(0, 32).Select(i => 1 << i).TakeWhile(size => size <= most)];

        int[] Values(string name) => [.. Texts(name).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];

        string[] Texts(string name) => arguments.ToList().IndexOf(name) is >= 0 and var at && at + 1 < arguments.Count ? arguments[at + 1].Split(',') : [];
    }

    private static void Report(Dictionary<(LayerSize Size, ProductForm Form), double> shares)
    {
        var steps = new List<(double Ratio, string Text)>();
        foreach (var ((size, form), share) in shares)
        {
            Step(size with { Batch = 2 * size.Batch });
            Step(size with { Inputs = 2 * size.Inputs });
            Step(size with { Units = 2 * size.Units });

            void Step(LayerSize larger)
            {
                if (shares.TryGetValue((larger, form), out var next))
                    steps.Add((next / share, FormattableString.Invariant($"{form,-15} {size} {100 * share:F1} %, {larger} {100 * next:F1} %")));
            }
        }

        if (steps.Count == 0)
            return;
        var cliffs = steps.Where(step => step.Ratio < Cliff).OrderBy(step => step.Ratio).ToList();
        Console.WriteLine(FormattableString.Invariant($"{cliffs.Count} cliffs in {steps.Count} steps to twice the size: rates below {Cliff} times that of half the size. The worst:"));
        foreach (var (ratio, text) in cliffs.Take(30))
            Console.WriteLine(FormattableString.Invariant($"  {ratio:F2}  {text}"));
    }
}
