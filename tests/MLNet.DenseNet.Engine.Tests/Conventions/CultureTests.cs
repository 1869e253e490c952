using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using static MLNet.DenseNet.Engine.Tests.History.MadeUpHistory;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>Texts say the same on every machine: in a culture with other separators and another minus sign.</summary>
public partial class CultureTests
{
    [Fact]
    public void Records_read_the_same_in_every_culture()
    {
        var epoch = new EpochSummary(3, 10, 85.9125, null, -0.5, 0.25, null, null, 0.0025f, 2173913.5, TimeSpan.FromSeconds(1.5), TimeSpan.Zero) { Diagnostics = [new LayerDiagnostics(1, 0.5, null)] };
        var histogram = new WeightHistogram(-0.5f, 0.5f, [1, 2]);
        object[] records =
        [
            epoch, histogram, new LayerWeights(2, histogram, histogram), new LearningRatePoint(0.5f, 1.5, -2.5), new BatchProgress(1, 2, 3, 4, 5, 0.5, null), new LayerSummary("Dense 4 ReLU", null, 3, 4, 16, 4),
            new TrainingSettings("a loss", "Adam", 0.01f, "constant", 0.1f, 32, 10, true, -5, 1000, 100),
        ];
        var texts = Foreign(() => records.Select(r => r.ToString()!).ToArray());
        Assert.Equal(
            "EpochSummary { Epoch = 3, NumberOfEpochs = 10, Loss = 85.9125, RSquared = -0.5, ValidationLoss = 0.25, LearningRate = 0.0025, RowsPerSecond = 2173913.5, Elapsed = 00:00:01.5000000, "
            + "EstimatedTimeLeft = 00:00:00, Metric = -0.5, MetricName = R-squared, Diagnostics = [LayerDiagnostics { Layer = 1, GradientNorm = 0.5 }], Objective = 85.9125, ValidationObjective = 0.25, MonitoredLoss = 0.25 }",
            texts[0]);
        Assert.Equal("WeightHistogram { Lowest = -0.5, Highest = 0.5, Counts = [1, 2] }", texts[1]);
        Assert.Equal(
            "TrainingSettings { Loss = a loss, Optimizer = Adam, LearningRate = 0.01, LearningRateSchedule = constant, WeightDecay = 0.1, BatchSize = 32, NumberOfEpochs = 10, Shuffle = True, Seed = -5, "
            + "TrainingRows = 1000, ValidationRows = 100 }",
            texts[^1]);
        Assert.Equal(records.Select(r => r.ToString()), texts);
    }

    /// <summary>The compiler's own text of a record follows the culture.</summary>
    [Fact]
    public void Every_public_record_has_a_text_of_its_own()
    {
        var records = typeof(Network).Assembly.GetExportedTypes().Where(t => t.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null).ToArray();
        Assert.Contains(typeof(LearningRatePoint), records);
        Assert.Contains(typeof(EpochSummary), records);
        Assert.All(records, type => Assert.Null(type.GetMethod("ToString", [])!.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>()));
    }

    [Fact]
    public void Errors_read_the_same_in_every_culture()
    {
        Func<object>[] mistakes =
        [
            () => Network.Create(100_000, [new DenseLayer(100_000)], seed: 1),
            () => new EnsembleLayer(100, [.. Enumerable.Repeat(new DropoutLayer(0.5f), 9000)]),
            () => Dataset.FromClasses(1, 2, new float[1], new[] { -1 }),
            () => new SparseFeatures(2, new float[] { 1 }, new[] { -1 }, new[] { 0, 1 }),
            () => new SparseFeatures(2, new float[] { 1 }, new[] { 1 }, new[] { 0, -1, 1 }),
            () => new NetworkTrainer(Network.Create(2, [new DenseLayer(1)], seed: 1), new TrainingOptions { LearningRate = -0.5f }),
            () => new Adam(beta1: 1.5f),
            () => new StepSchedule(1, -0.5f),
            () => new TableAugmentation(noise: -0.5f),
            () => new SoftmaxCrossEntropy(labelSmoothing: -0.5f),
            () => new DropoutLayer(1.5f),
            () => new HuberLoss(-0.5f),
            () => new QuantileLoss(-0.5f),
            () => new MultiQuantileLoss(0.5f, 0.25f),
            () => new MultiQuantileLoss(-0.5f),
            () => new TweedieLoss(-0.5f),
            () => new EarlyStopping(minimumImprovement: -0.5),
            () => new PolynomialSchedule(-0.5f),
            () => new WarmUpSchedule(-0.5f),
            () => new StandardizationLayer(-0.5f),
        ];
        var messages = Foreign(() => mistakes.Select(Message).ToArray());
        Assert.Contains("100,000 units", messages[0], StringComparison.Ordinal);
        Assert.Contains("A class is -1", messages[2], StringComparison.Ordinal);
        Assert.Equal(mistakes.Select(Message), messages);

        static string Message(Func<object> mistake) => Assert.ThrowsAny<ArgumentException>(mistake).Message;
    }

    [Fact]
    public void Histories_and_curves_read_the_same_in_every_culture()
    {
        var history = Of(20, Falling(2.5, 0.25), Falling(2.5, 0.35), validationRows: 12, restored: 18, end: TrainingEnd.EarlyStopped);
        var curve = new LearningRateCurve([.. Enumerable.Range(0, 60).Select(i => new LearningRatePoint((float)Math.Pow(10, -6 + i / 10.0), i < 40 ? 2.5 - i / 20.0 : i, 2.5))]);
        foreach (var text in (Func<string>[])[history.ToString, history.Verdict.ToString, () => history.ValidationCaveat!, curve.ToString])
            Assert.Equal(text(), Foreign(text));
        Assert.StartsWith("EarlyStopped after 20 of 20 epochs, with the weights of epoch 18: loss 0.25", history.ToString(), StringComparison.Ordinal);
        Assert.Contains("\n       0.001            1             2.5\n".Replace(" ", "", StringComparison.Ordinal), curve.ToString().Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith($"\nThe loss falls most at a learning rate of {curve.Suggestion!.Value.ToString("G3", CultureInfo.InvariantCulture)}.", curve.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Numbers with a format differ most between cultures: all texts of the library write them by FormattableString.Invariant or name the culture.</summary>
    [Fact]
    public void Formats_are_used_with_a_culture_that_is_named()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj"))
            .SelectMany(path => WithoutCulture(File.ReadAllText(path)).Select(text => $"{Path.GetFileName(path)}: {text}"));
        Assert.Empty(found);
        Assert.Single(WithoutCulture("""throw new ArgumentException($"There are {count:N0} values.");"""));
        Assert.Empty(WithoutCulture("""throw new ArgumentException(FormattableString.Invariant($"There are {count:N0} values."));"""));

        static IEnumerable<string> WithoutCulture(string text) => Formatted().Matches(text).Where(m => !Named().IsMatch(text[..m.Index])).Select(m => m.Value);
    }

    private static T Foreign<T>(Func<T> read)
    {
        var before = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.NumberGroupSeparator, foreign.NumberFormat.NegativeSign) = (",", "'", "minus ");
        try
        {
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal("minus 1'000,5", $"{-1000.5:N1}");
            return read();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // An interpolated string with a placeholder that has a format of numbers. Formats of hexadecimals and of dates written out are the same in every culture.
    [GeneratedRegex("""\$"(?:[^"\\\n]|\\.)*\{[^{}"\n]*:[NFGPECR0#][\d.0#]*\}""")]
    private static partial Regex Formatted();

    // What stands before it: a call that takes the string with the culture.
    [GeneratedRegex(@"(?:Invariant\(|CultureInfo\.InvariantCulture,)\s*(?:\$""(?:[^""\\\n]|\\.)*""\s*\+\s*)*$")]
    private static partial Regex Named();
}
