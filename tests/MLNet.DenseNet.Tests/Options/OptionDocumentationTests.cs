using System.Globalization;
using Microsoft.ML;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests;

/// <summary>An editor shows of each option what it is, its default and how it goes together with others; the default is what the code does, in the engine and in a pipeline.</summary>
public class OptionDocumentationTests
{
    private static readonly MLContext Context = new(seed: 7);

    private static readonly Type[] Classes = [typeof(TrainingOptions), typeof(DenseNeuralNetOptions)];

    public static TheoryData<Type, string> Options => [.. from type in Classes from option in OptionDocumentation.OptionsOf(type) select (type, option.Name)];

    public static TheoryData<string> DeclaredAgain => [.. DeclaredByBoth];

    private static IEnumerable<string> DeclaredByBoth => typeof(TrainingOptions).GetProperties().Select(p => p.Name).Where(name => typeof(DenseNeuralNetOptions).GetProperty(name)!.DeclaringType == typeof(DenseNeuralNetOptions));

    [Theory]
    [MemberData(nameof(Options))]
    public void Every_option_has_a_summary_of_one_sentence_a_default_and_remarks(Type type, string option)
    {
        var (summary, value, remarks) = OptionDocumentation.Of(type, option);
        Assert.EndsWith(".", summary, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", summary, StringComparison.Ordinal);
        Assert.EndsWith(".", value, StringComparison.Ordinal);
        Assert.EndsWith(".", remarks, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void The_default_begins_with_what_a_new_object_has(Type type, string option)
    {
        var value = type.GetProperty(option)!.GetValue(Activator.CreateInstance(type));
        var text = value switch
        {
            null => "Null",
            string name => $"\"{name}\"",
            CancellationToken => "None",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
        Assert.Matches($@"^{text}([,:]|\.( |$))", OptionDocumentation.Of(type, option).Value);
    }

    /// <summary>Each default with what the code makes of it, in words; of an option left out here, the value of a new object is all that there is.</summary>
    [Theory]
    [MemberData(nameof(Options))]
    public void The_default_is_what_the_code_does(Type type, string option)
    {
        var value = OptionDocumentation.Of(type, option).Value;
        var isOfPipeline = type.GetProperty(option)!.DeclaringType == typeof(DenseNeuralNetOptions);
        if ((isOfPipeline ? InPipelines : InEngine).TryGetValue(option, out var phrases))
            Assert.All(phrases(), phrase => Assert.Contains(phrase, value, StringComparison.Ordinal));
        else
            Assert.True(!value.Contains("which is", StringComparison.Ordinal), $"{option} promises '{value}' and has no case here.");
    }

    [Theory]
    [MemberData(nameof(DeclaredAgain))]
    public void An_option_declared_again_is_the_same_one(string option)
    {
        Assert.Equal(OptionDocumentation.Of(typeof(TrainingOptions), option).Summary, OptionDocumentation.Of(typeof(DenseNeuralNetOptions), option).Summary);
        Assert.NotEqual(OptionDocumentation.Of(typeof(TrainingOptions), option).Value, OptionDocumentation.Of(typeof(DenseNeuralNetOptions), option).Value);

        var (ofBase, ofPipeline) = (typeof(TrainingOptions).GetProperty(option)!, typeof(DenseNeuralNetOptions).GetProperty(option)!);
        var options = new DenseNeuralNetOptions();
        ofPipeline.SetValue(options, Other(ofBase.PropertyType));
        Assert.Equal(Other(ofBase.PropertyType), ofBase.GetValue(options));
        ofBase.SetValue(options, null);
        Assert.Equal(ofPipeline.GetValue(new DenseNeuralNetOptions()), ofPipeline.GetValue(options));
    }

    [Fact]
    public void All_options_with_another_default_in_a_pipeline_are_declared_again() =>
        Assert.Equal(InPipelines.Keys.Intersect(typeof(TrainingOptions).GetProperties().Select(p => p.Name)).Order(), DeclaredByBoth.Order());

    /// <summary>Every catalog's method has the same parameters, whose defaults are those of the options.</summary>
    [Fact]
    public void The_parameters_of_the_catalogs_have_the_defaults_of_the_options()
    {
        var methods = OptionDocumentation.ParametersOf(typeof(DenseNeuralNetCatalog), nameof(DenseNeuralNetCatalog.DenseNeuralNet)).Where(parameters => parameters.ContainsKey("learningRate")).ToArray();
        Assert.Equal(5, methods.Length);
        Assert.All(methods, parameters =>
        {
            Assert.EndsWith(Invariant($"null for {string.Join(" and ", DenseNeuralNetOptions.DefaultHiddenLayers)}, where numbers are embedded and for sparse rows {string.Join(" and ", HiddenLayerDefaults.OfEmbedding)}, for classes of sparse rows {HiddenLayerDefaults.OfSparseClasses.Single()}, an empty list for a linear model."), parameters["hiddenLayers"], StringComparison.Ordinal);
            Assert.EndsWith($"null for {new DenseNeuralNetOptions().Activation}.", parameters["activation"], StringComparison.Ordinal);
            Assert.Contains(Invariant($"null for one from {StepDefaults.LearningRateOfSparseClasses} to {Filled(10, o => o.HiddenLayers = []).LearningRate} that fits"), parameters["learningRate"], StringComparison.Ordinal);
            Assert.Contains(Invariant($"null for {Filled(100).BatchSize} to {Filled(100_000, isMeasured: true, kind: Embedding).BatchSize}, as"), parameters["batchSize"], StringComparison.Ordinal);
            Assert.EndsWith(Invariant($"at most {EpochsOfSparseClasses(10)} times."), parameters["numberOfEpochs"], StringComparison.Ordinal);
        });
    }

    private static readonly Dictionary<string, Func<IEnumerable<string>>> InEngine = new()
    {
        [nameof(TrainingOptions.Loss)] = () =>
        [
            $"{Loss.For(Activation.Softmax).GetType().Name} for softmax", $"{Loss.For(Activation.Sigmoid).GetType().Name} for sigmoid",
            .. new[] { Activation.Identity, Activation.Tanh, Activation.ReLU }.Select(activation => $"else {Loss.For(activation).GetType().Name}"),
        ],
        [nameof(TrainingOptions.Optimizer)] = () => [$"which is {new TrainingOptions().EffectiveOptimizer.GetType().Name}:"],
        [nameof(TrainingOptions.LearningRate)] = () =>
        {
            Assert.All(Optimizers, optimizer => Assert.Equal(optimizer.DefaultLearningRate, new TrainingOptions { Optimizer = optimizer }.EffectiveLearningRate));
            return ["which is the optimizer's DefaultLearningRate"];
        },
        [nameof(TrainingOptions.LearningRateSchedule)] = () => [$"which is {new TrainingOptions().EffectiveSchedule.GetType().Name}:"],
        [nameof(TrainingOptions.BatchSize)] = () => [$"which is {new TrainingOptions().EffectiveBatchSize}:"],
        [nameof(TrainingOptions.NumberOfEpochs)] = () => [$"which is {new TrainingOptions().EffectiveNumberOfEpochs}."],
        [nameof(TrainingOptions.WeightDecay)] = () =>
        {
            Assert.All(Optimizers, optimizer => Assert.Equal(optimizer.DefaultWeightDecay, new TrainingOptions { Optimizer = optimizer }.EffectiveWeightDecay));
            Assert.All(Optimizers, optimizer => Assert.True(optimizer is AdamW or Muon || optimizer.DefaultWeightDecay == 0));
            return ["which is the optimizer's DefaultWeightDecay", Invariant($"{new AdamW().DefaultWeightDecay} for AdamW and Muon, 0 for all others")];
        },
        [nameof(TrainingOptions.NumberOfThreads)] = () =>
        {
            Assert.Equal(Environment.ProcessorCount, new TrainingOptions().EffectiveNumberOfThreads);
            return ["as many as the process may use cores"];
        },
        [nameof(TrainingOptions.RestoreBestWeights)] = () =>
        {
            Assert.Equal((false, true), (new TrainingOptions().KeepsBestWeights, new TrainingOptions { EarlyStopping = new EarlyStopping() }.KeepsBestWeights));
            return ["yes with EarlyStopping", "no without"];
        },
    };

    private static readonly Dictionary<string, Func<IEnumerable<string>>> InPipelines = new()
    {
        [nameof(DenseNeuralNetOptions.Loss)] = () =>
        [
            $"{NameOf(Tasks.Multiclass)} for softmax", $"{NameOf(Tasks.Binary)} for sigmoid",
            .. new[] { Activation.Identity, Activation.Sigmoid, Activation.ReLU }.Select(output => $"in a regression always {NameOf(Tasks.Regression, output)}"),
        ],
        [nameof(DenseNeuralNetOptions.Optimizer)] = () =>
        {
            const int SomeRows = StepDefaults.RowsOfOrthogonalizedSteps;
            Assert.IsType<AdamW>(Filled(SomeRows - 1, isMeasured: true, kind: Embedding).Optimizer);
            Assert.Equal(1, Interval(10_000));
            return
            [
                Invariant($"which is {Filled(100).Optimizer!.GetType().Name}, or {Filled(SomeRows, isMeasured: true, kind: Embedding).Optimizer!.GetType().Name} where rows are measured with, NumberOfEpochs, EarlyStopping, LearningRateSchedule and LearningRate are left open"),
                Invariant($"BatchSize is too or at least {StepDefaults.BatchSizeOfClassification}"),
                Invariant($"from {SomeRows:N0} rows on where numbers are embedded (NumericEmbedding), below {10_000:N0} with an interval of {Interval(9_999)}, or a regression has rows that are kept sparse, and in a classification of images; without the first layer where two of three of its inputs or more are no numbers"),
            ];

            static int Interval(int rows) => Assert.IsType<Muon>(Filled(rows, isMeasured: true, kind: Embedding).Optimizer).Interval;
        },
        [nameof(DenseNeuralNetOptions.LearningRate)] = () =>
        {
            Assert.Null(Filled(100, o => o.Optimizer = new AdamW()).LearningRate);
            var (least, most) = (Filled(1_000_000, o => o.HiddenLayers = []).LearningRate, Filled(10, o => o.HiddenLayers = []).LearningRate);
            Assert.Equal(0.5 / Math.Sqrt(900), Filled(900, o => o.HiddenLayers = []).LearningRate!.Value, 1e-8);
            const int SomeRows = TableDefaults.RowsOfManyFunctions;
            Assert.Equal((0.01f, 0.003f), (Filled(100, kind: new NetworkKind(257)).LearningRate, Filled(100, kind: new NetworkKind(256)).LearningRate));
            var (usual, higher) = (Filled(100, o => o.BatchSize = 32).LearningRate, Filled(100, o => o.BatchSize = 33).LearningRate);
            Assert.Equal((usual, usual, usual, higher), (OfClasses(SomeRows - 1, Embedding), OfClasses(SomeRows, default(NetworkKind)), Filled(SomeRows, kind: Embedding).LearningRate, OfClasses(SomeRows, Embedding)));
            return
            [
                Invariant($"which is {usual}, or {higher} with batches of more than 32 rows and, from {SomeRows} rows on, in a classification where numbers are embedded (NumericEmbedding), {StepDefaults.HighestLearningRate} there with Muon, and without where more than {TableDefaults.NumbersOfAllFunctions} numbers are embedded"),
                Invariant($"without a hidden layer 0.5 / sqrt(rows), from {least} to {most}, but {StepDefaults.LowerLearningRate} where it begins at a linear model of principal components, and of more than {TableDefaults.MostColumns:N0} features with fewer rows (HiddenLayers) one by which a step of all of them together changes an output by about 1. Of rows that are kept sparse (NumericEmbedding), without Layers, it is {StepDefaults.LowerLearningRate} there, and in a classification {StepDefaults.LearningRateOfSparseClasses}, or {StepDefaults.LowerLearningRate} where NumberOfEpochs is given."), "Where Optimizer is given, it is that one's DefaultLearningRate",
            ];

            static float? OfClasses(int rows, NetworkKind kind)
            {
                var options = new DenseNeuralNetOptions();
                DefaultSettings.FillIn(options, new TrainingRows(RowSubset.All(Dataset.FromClasses(1, 2, new float[rows], new int[rows])), null), kind, standardizesTargets: false);
                return options.LearningRate;
            }
        },
        [nameof(DenseNeuralNetOptions.LearningRateSchedule)] = () =>
        {
            var schedule = Assert.IsType<CosineSchedule>(Filled(100).LearningRateSchedule);
            return [Invariant($"which is {nameof(CosineSchedule)}, down to {schedule.EndFactor}:")];
        },
        [nameof(DenseNeuralNetOptions.BatchSize)] = () =>
        {
            return
            [
                Invariant($"which is {Filled(9_999).BatchSize}, and {Filled(10_000).BatchSize} from {10_000:N0} rows on, but where they are kept sparse and Layers is left open, and in a ranking."),
                Invariant($"Where numbers are embedded (NumericEmbedding) and Muon is the default, it is {StepDefaults.BatchSizeOfClassification} in a classification and {Orthogonalized(9_999)} otherwise"),
                Invariant($"from {10_000:N0} rows on {Orthogonalized(10_000)}, from {20_000:N0} on {Orthogonalized(20_000)}, from {40_000:N0} on {Orthogonalized(40_000)}:"),
            ];

            static int? Orthogonalized(int rows) => Filled(rows, isMeasured: true, kind: Embedding).BatchSize;
        },
        [nameof(DenseNeuralNetOptions.NumberOfEpochs)] = () =>
        {
            Assert.Equal(5000 / 50, Filled(2500).NumberOfEpochs);
            var times = EpochsOfSparseClasses(2500) / Filled(2500).NumberOfEpochs!.Value;
            return [Invariant($"which is 5000 / sqrt(rows), from {Filled(1_000_000).NumberOfEpochs} to {Filled(10).NumberOfEpochs}, and {times} times that in a classification of rows that are kept sparse, with a hidden layer,")];
        },
        [nameof(DenseNeuralNetOptions.WeightDecay)] = () =>
        {
            // More holds a network back, as its verdict says.
            Assert.Equal(TrainingAssessment.MostUsualDecay, new[] { StepDefaults.WeightDecay, StepDefaults.WeightDecayOfEmbedding, StepDefaults.WeightDecayOfLinear, new AdamW().DefaultWeightDecay }.Max());
            Assert.Null(Filled(100, o => o.Optimizer = new AdamW()).WeightDecay);
            return [Invariant($"which is {Filled(100).WeightDecay}, where numbers are embedded (NumericEmbedding) {Filled(100, kind: Embedding).WeightDecay}, without a hidden layer {Filled(100, o => o.HiddenLayers = []).WeightDecay}"), "Where Optimizer is given, it is that one's DefaultWeightDecay"];
        },
        [nameof(DenseNeuralNetOptions.AdaptWeightDecay)] = () =>
        {
            Assert.Equal(
                (true, false, false, null),
                (Filled(100, standardizesTargets: true).AdaptWeightDecay, Filled(100).AdaptWeightDecay, Filled(100, o => o.WeightDecay = 0.1f, standardizesTargets: true).AdaptWeightDecay, Filled(100, o => o.Optimizer = new AdamW(), standardizesTargets: true).AdaptWeightDecay));
            var regression = new NetworkTask(Outputs: 1, ClassCount: 0, Activation.Identity);
            Assert.Equal((true, false), (regression.HasFreeTargets(new HuberLoss()), regression.HasFreeTargets(new PoissonLoss())));
            return ["which is yes where WeightDecay and Optimizer are left open and the targets are standardized, as in every regression but those of counts and skewed amounts"];
        },
        [nameof(DenseNeuralNetOptions.AverageWeights)] = () =>
        {
            Assert.Equal(
                (true, false, null, null, null),
                (Embedded(_ => { }), Filled(100, isMeasured: true).AverageWeights, Filled(100, kind: Embedding).AverageWeights, Embedded(o => o.EarlyStopping = new EarlyStopping()), Embedded(o => o.LearningRateSchedule = new CosineSchedule())));
            return ["which is yes where numbers are embedded (NumericEmbedding), or Muon is the default for images, rows are measured with, and NumberOfEpochs, EarlyStopping and LearningRateSchedule are left open"];

            static bool? Embedded(Action<DenseNeuralNetOptions> change) => Filled(100, change, isMeasured: true, kind: Embedding).AverageWeights;
        },
        [nameof(DenseNeuralNetOptions.NumberOfThreads)] = () =>
        {
            Assert.Null(Filled(100).NumberOfThreads);
            return ["as many as the process may use cores; one less where rows are streamed"];
        },
        [nameof(DenseNeuralNetOptions.Seed)] = () =>
        {
            Assert.Equal(7, Trained(Tasks.Regression, _ => { }).Settings.Seed);
            return ["which is the seed of the MLContext, and another one each time where it has none"];
        },
        [nameof(DenseNeuralNetOptions.ValidationFraction)] = () =>
        {
            var plans = new[] { new DenseNeuralNetOptions(), new DenseNeuralNetOptions { NumberOfEpochs = 5, EarlyStopping = new EarlyStopping() } }.Select(o => Plan(o)).ToArray();
            Assert.All(plans, plan => Assert.Equal((1f / 8, false, true), (plan.Fraction, plan.Applies(39), plan.Applies(40))));
            Assert.Equal((0, 0), (Plan(new DenseNeuralNetOptions { NumberOfEpochs = 5 }).Fraction, Plan(new DenseNeuralNetOptions(), hasValidationSet: true).Fraction));
            return ["where NumberOfEpochs is left open or EarlyStopping is given, an eighth of the rows is held out from 40 rows on, unless there is a validation set"];
        },
        [nameof(DenseNeuralNetOptions.EarlyStopping)] = () =>
        {
            var open = Filled(100, isMeasured: true);
            Assert.Equal((EarlyStoppingMetric.Loss, 20, "constant"), (open.EarlyStopping!.Metric, open.EarlyStopping.InitialPatience, $"{open.LearningRateSchedule}"));
            var embedded = ((int[])[90, 85, 79, 78, 34, 2]).Select(steps => Filled(steps * 32, isMeasured: true, kind: Embedding).EarlyStopping!).ToArray();
            Assert.Equal([16, 17, 18, 19, 20, 20], embedded.Select(stopping => stopping.InitialPatience));
            Assert.All(embedded, stopping => Assert.Equal(2, stopping.AnnealingEpochs));
            const int SomeRows = TableDefaults.RowsOfManyFunctions;
            const int ManyRows = 10_000;
            const int Orthogonalized = StepDefaults.RowsOfOrthogonalizedSteps;
            var classes = ((int[])[SomeRows - 1, SomeRows, Orthogonalized - 1, Orthogonalized, ManyRows - 1, ManyRows]).Select(rows => End(rows, isClassification: true)).ToArray();
            Assert.Equal([(3, 0), (5, 0), (5, 0), (5, 5), (5, 5), (1, 5)], classes);
            Assert.Equal([(5, 2), (5, 2), (1, 5)], ((int[])[Orthogonalized, ManyRows - 1, ManyRows]).Select(rows => End(rows, isClassification: false)));
            static (int Patience, int Annealing) End(int rows, bool isClassification)
            {
                var stopping = StoppingDefaults.Averaged(isClassification, rows, batchSize: 128);
                return (stopping.Patience, stopping.AnnealingEpochs);
            }

            var patience = ((int[])[SomeRows - 1, SomeRows, ManyRows - 1, ManyRows]).Select(rows => Filled(rows, isMeasured: true, kind: Embedding).EarlyStopping!.Patience).ToArray();
            Assert.Equal(patience[1], patience[2]);
            Assert.Equal($"{open.EarlyStopping}", $"{Filled(100, o => o.AverageWeights = false, isMeasured: true, kind: Embedding).EarlyStopping}");
            Assert.Equal($"{open.EarlyStopping}".Replace("at first 20", "at first 19", StringComparison.Ordinal), $"{Filled(ManyRows, isMeasured: true).EarlyStopping}");
            var (many, few) = (Filled(10, Scheduled, isMeasured: true).EarlyStopping!, Filled(1_000_000, Scheduled, isMeasured: true).EarlyStopping!);
            Assert.Equal((EarlyStoppingMetric.Loss, Filled(10).NumberOfEpochs / 5, EarlyStoppingMetric.Loss, 0), (many.Metric, many.Patience, few.Metric, few.AnnealingEpochs));
            static void Scheduled(DenseNeuralNetOptions options) => options.LearningRateSchedule = new OneCycleSchedule();
            Assert.Null(Filled(100, o => o.NumberOfEpochs = 20, isMeasured: true).EarlyStopping);
            Assert.Null(Filled(100).EarlyStopping);
            return
            [
                $"where NumberOfEpochs is left open and rows are measured with, by the loss, after {open.EarlyStopping.Patience} epochs without a better one and {open.EarlyStopping.AnnealingEpochs} epochs of annealing",
                FormattableString.Invariant($"Where numbers are embedded (NumericEmbedding) it is after {patience[0]}, from {SomeRows} rows on after {patience[1]}, and from {ManyRows:N0} rows on after {patience[3]}, with {embedded[0].AnnealingEpochs} epochs of annealing, from {ManyRows:N0} rows on {classes[^1].Annealing}, in a classification none, as with images there, from {Orthogonalized:N0} rows on {classes[3].Annealing}; and as long as nothing was learned, after as many as have 1,500 steps, up to {embedded[^1].InitialPatience}, if that is more."),
                $"after a fifth of the planned epochs, at least {few.Patience}",
            ];
        },
        [nameof(DenseNeuralNetOptions.HiddenLayers)] = () =>
        {
            var ofAnomalies = HiddenLayerDefaults.OfReconstruction(100);
            Assert.Equal(10, ofAnomalies[1]);
            var layers = NetworkLayers.Of(new DenseNeuralNetOptions(), 2, 1, Activation.Identity, new TableLayers(null, Standardization: null, null));
            return
            [
                $"which is {string.Join(" and ", layers.SkipLast(1).Cast<DenseLayer>().Select(layer => layer.Units))}, and {string.Join(" and ", HiddenLayerDefaults.OfEmbedding)} where numbers are embedded (NumericEmbedding):",
                $"it is {string.Join(" and ", HiddenLayerDefaults.OfEmbedding)}, in a classification {HiddenLayerDefaults.OfSparseClasses.Single()}.",
                Invariant($"there is no hidden layer, nor is there with fewer rows than features, more than {TableDefaults.MostColumns:N0}, that are not kept sparse"),
                $"in a table of which less than {HiddenLayerDefaults.RowsOfRareClasses} rows, and a tenth of all or less, are of other classes than the commonest",
                $"In an anomaly detection null is {ofAnomalies[0]}, the square root of the number of features, and {ofAnomalies[2]}",
            ];
        },
        [nameof(DenseNeuralNetOptions.OutputActivation)] = () =>
            [$"{OutputOf(Tasks.Multiclass)} for multiclass, {OutputOf(Tasks.Binary)} for binary, {OutputOf(Tasks.Regression)} for regression"],
        [nameof(DenseNeuralNetOptions.EnsembleSize)] = () =>
        {
            Assert.Equal((1, 1), (Size(10_001, _ => { }), Size(2, o => o.NumberOfEpochs = 5)));
            Assert.Equal(1, Size(2, o => o.Layers = [new DenseLayer(2)]));
            Assert.Equal(1, EnsembleDefaults.Size(new DenseNeuralNetOptions(), Rows(1, 2), outputs: 1, takesLong: true, initial: null));
            const int ManyRows = EnsembleDefaults.RowsOfTwoNetworks;
            var ofMany = EnsembleDefaults.Size(new DenseNeuralNetOptions(), Rows(ManyRows, 1), outputs: 1, takesLong: false, initial: null);
            return [Invariant($"which is {Size(10_000, _ => { })}, or {ofMany} from {ManyRows:N0} rows on where rows are not sparse. It is 1 where NumberOfEpochs or Layers is given, where rows are streamed, for more than 10,000 outputs or features, of sparse rows for more than {EnsembleDefaults.MostSparseWeights:N0} weights of the first layer, and where HiddenLayers are left to be those for images"), "In an anomaly detection it is 1."];
        },
        [nameof(DenseNeuralNetOptions.NumericEmbedding)] = () =>
        {
            const int SomeRows = TableDefaults.RowsOfManyFunctions;
            var most = TableDefaults.MostFunctions / TableDefaults.EmbeddingUnits(SomeRows, 1);
            Assert.Equal([8, 7, 4, 1], ((int[])[most, most + 1, 2 * most, TableDefaults.MostColumns]).Select(numbers => TableDefaults.EmbeddingUnits(SomeRows, numbers)));
            return [Invariant($"There are {TableDefaults.EmbeddingUnits(SomeRows - 1, 1)} functions of each number, from {SomeRows} rows on {TableDefaults.EmbeddingUnits(SomeRows, 1)}, of more than two classes from {SomeRows / 2} for each, of more than {most} numbers {TableDefaults.MostFunctions:N0} in all, over {TableDefaults.EmbeddingBins} bins, or fewer where these have all values of each number at their edges"), Invariant($"in tables of up to {TableDefaults.MostColumns:N0} features, where"), "Going on from a model, it is what that one has"];
        },
        [nameof(DenseNeuralNetOptions.NormalizeFeatures)] = () =>
        {
            Assert.Contains("Standardization", Trained(Tasks.Regression, _ => { }).Network!.Layers[0].Layer, StringComparison.Ordinal);
            return ["which is yes", "Going on from a model, it is what that one has"];
        },
    };

    private static readonly NetworkKind Embedding = new(EmbeddedNumbers: 1);

    private static Optimizer[] Optimizers => [new StochasticGradientDescent(), new Adam(), new AdamW(), new RMSProp(), new AdaGrad(), new Muon()];

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>What is filled in for so many rows.</summary>
    private static DenseNeuralNetOptions Filled(int rows, Action<DenseNeuralNetOptions>? change = null, bool isMeasured = false, NetworkKind kind = default, bool standardizesTargets = false)
    {
        var options = new DenseNeuralNetOptions();
        change?.Invoke(options);
        var data = Rows(rows, inputs: 1);
        DefaultSettings.FillIn(options, new TrainingRows(data, isMeasured ? data : null), kind, standardizesTargets);
        return options;
    }

    private static int EpochsOfSparseClasses(int rows)
    {
        var options = new DenseNeuralNetOptions();
        var data = RowSubset.All(Dataset.FromClasses(1, 2, new float[rows], new int[rows]));
        DefaultSettings.FillIn(options, new TrainingRows(data, data), new NetworkKind(IsForWords: true), standardizesTargets: false);
        return options.NumberOfEpochs!.Value;
    }

    private static RowSubset Rows(int rows, int inputs) => RowSubset.All(Dataset.FromTargets(inputs, 1, new float[rows * inputs], new float[rows]));

    private static int Size(int inputs, Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions();
        change(options);
        return EnsembleDefaults.Size(options, Rows(1, inputs), outputs: 1, takesLong: false, initial: null);
    }

    private static HoldOutPlan Plan(DenseNeuralNetOptions options, bool hasValidationSet = false)
    {
        options.HoldOutSeed = 1;
        return HoldOutPlan.For(options, hasValidationSet);
    }

    /// <summary>The class of the loss that a training of the task has by default.</summary>
    private static string NameOf(string task, Activation? output = null)
    {
        var loss = Trained(task, options => options.OutputActivation = output).Settings.Loss;
        return new Loss[] { new SoftmaxCrossEntropy(), new BinaryCrossEntropy(), new MeanSquaredError() }.Single(kind => kind.ToString() == loss).GetType().Name;
    }

    private static string OutputOf(string task) => Trained(task, _ => { }).Network!.Layers[^1].Activation!;

    private static TrainingHistory Trained(string task, Action<DenseNeuralNetOptions> change)
    {
        var model = Tasks.Pipeline(Context, task, options =>
        {
            (options.NumberOfEpochs, options.Seed, options.Verbosity) = (1, null, Verbosity.Silent);
            change(options);
        }).Fit(Context.Data.LoadFromEnumerable(Sample.Rows(30)));
        return model.GetDenseNeuralNet().History!;
    }

    /// <summary>A value that is not the default.</summary>
    private static object Other(Type type) => type switch
    {
        _ when type == typeof(int?) => 3,
        _ when type == typeof(float?) || type == typeof(float) => 0.5f,
        _ when type == typeof(bool?) => true,
        _ when type == typeof(Loss) => SomeLoss,
        _ when type == typeof(Optimizer) => SomeOptimizer,
        _ when type == typeof(LearningRateSchedule) => SomeSchedule,
        _ => SomeStopping,
    };

    private static readonly Loss SomeLoss = new HuberLoss();
    private static readonly Optimizer SomeOptimizer = new Adam();
    private static readonly LearningRateSchedule SomeSchedule = new ConstantSchedule();
    private static readonly EarlyStopping SomeStopping = new();
}
