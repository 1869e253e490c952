using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests;

/// <summary>The README's code runs as it stands there.</summary>
[Collection(ReadmeBlocks.CurrentFolder)]
public partial class ReadmeTests
{
    internal static readonly string Root = Repository.Root;

    [Theory]
    [InlineData("README.md", 1)]
    [InlineData("src/MLNet.DenseNet/Guide.md", 8)]
    [InlineData("src/MLNet.DenseNet/Options.md", 2)]
    [InlineData("src/MLNet.DenseNet.Engine/Layers/Layers.md", 1)]
    public void Every_code_block_stands_in_a_test(string page, int count) => Assert.Equal(count, ReadmeBlocks.Check(page, nameof(ReadmeTests), "MLNet.DenseNet.Onnx.Tests/GuideTests"));

    [Fact]
    public void The_readme_is_a_front_door() => Assert.InRange(File.ReadAllLines(Path.Combine(Root, "README.md")).Length, 50, 150);

    public static TheoryData<string> Pages =>
    [
        .. Directory.EnumerateFiles(Root, "*.md", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "artifacts" || part.StartsWith('.'))),
    ];

    /// <summary>What is in the repository is there, and so is the heading where a link names one.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page)
    {
        foreach (var target in Link().Matches(File.ReadAllText(Path.Combine(Root, page))).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)))
        {
            var (path, heading) = target.Split('#') is [var file, var name] ? (file, name) : (target, null);
            var full = path.Length == 0 ? Path.Combine(Root, page) : Path.GetFullPath(Path.Combine(Root, Path.GetDirectoryName(page)!, path));
            Assert.True(Path.Exists(full), $"{page} leads to {target}");
            if (heading is not null)
                Assert.Contains(heading, Heading().Matches(File.ReadAllText(full)).Select(match => NoWord().Replace(match.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')));
        }
    }

    [Fact]
    public void A_pipeline()
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromTextFile(
            Path.Combine(Root, "examples", "data", "digits.csv"),
            [new("Features", DataKind.Single, 0, 63), new("Label", DataKind.Single, 64)], separatorChar: ',', hasHeader: true);
        var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);
        ReadmeBlocks.RunInFolderOfItsOwn(() =>
        {
            var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
                .Append(mlContext.Transforms.DenseNeuralNet(hiddenLayers: [128, 64]))
                .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

            var model = pipeline.Fit(split.TrainSet);
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
            mlContext.Model.Save(model, data.Schema, "model.zip");

            Assert.True(metrics.MicroAccuracy > 0.95, $"accuracy {metrics.MicroAccuracy}");
            Assert.True(File.Exists("model.zip"));
        });
    }

    [Fact]
    public void A_table_of_ones_own() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var mlContext = new MLContext(seed: 1);
        File.Copy(Path.Combine(Root, "examples", "data", "loans.csv"), "loans.csv");

        var data = mlContext.Data.LoadFromTextFile("loans.csv", new TextLoader.Options
        {
            Separators = [','],
            HasHeader = true,
            MissingRealsAsNaNs = true,
            Columns =
            [
                new("Seniority", DataKind.Single, 0), new("Home", DataKind.String, 1), new("Job", DataKind.String, 6),
                new("Income", DataKind.Single, 8), new("Good", DataKind.Boolean, 13),
            ],
        });
        var pipeline = mlContext.Transforms.Categorical.OneHotEncoding([new("Home"), new("Job")])
            .Append(mlContext.Transforms.Concatenate("Features", "Seniority", "Income", "Home", "Job"))
            .Append(mlContext.Transforms.DenseNeuralNet("Good"));
        var folds = mlContext.BinaryClassification.CrossValidate(data, pipeline, labelColumnName: "Good");

        Assert.Equal(4454, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<bool>("Good").Count()));
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.AreaUnderRocCurve, 0.72, 0.9));
    });

    [Fact]
    public void Options_and_weights()
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(200));
        var data = mlContext.Transforms.CopyColumns("Label", nameof(Sample.Flag)).Fit(rows).Transform(rows);

        var trainer = mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            Layers = [new DenseLayer(64, Activation.GELU), new DropoutLayer(0.2f), new DenseLayer(32, Activation.GELU)],
            Optimizer = new StochasticGradientDescent(momentum: 0.9f, nesterov: true),
            LearningRate = 0.05f,
            BatchSize = 64,
            NumberOfEpochs = 20,
            EarlyStopping = new EarlyStopping(patience: 5) { AnnealingEpochs = 2 },
            WeightDecay = 1e-4f,
            Seed = 1,
            EpochCompleted = epoch => Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.Loss:F4}, accuracy {epoch.Accuracy:P1}"),
        });

        var transformer = trainer.Fit(data);
        foreach (var layer in transformer.Model.Layers)
        {
            Console.WriteLine(layer);
            foreach (var parameter in layer.Parameters)
                Console.WriteLine($"  {parameter.Name} ({parameter.Shape}): starts with {parameter.ToArray()[0]}");
        }

        Assert.Equal("Dense 64 GELU: 4 -> 64, 320 parameters", transformer.Model.Layers[1].ToString());
    }

    /// <summary>Each line of the table makes a network on the shape that it says it is for, and every kind of layer but those that trainers make has one.</summary>
    [Fact]
    public void Which_layer_is_for_what()
    {
        Shape table = 120, image = new(12, 10, 3), sequence = new(24, 5), units = 64, word = 1;
        (Shape Input, Layer Layer)[] layers =
        [
            (table, new DenseLayer(64, Activation.GELU)),
            (image, new ConvolutionLayer(32, kernelSize: 3, padding: Padding.Same, activation: Activation.ReLU)),
            (image, new MaxPoolingLayer(2)),
            (sequence, new AveragePoolingLayer(size: 3, stride: 2, padding: Padding.Same)),
            (image, new GlobalMaxPoolingLayer()),
            (image, new GlobalAveragePoolingLayer()),
            (image, new BatchNormalizationLayer()),
            (sequence, new LayerNormalizationLayer()),
            (image, new ActivationLayer(Activation.ReLU)),
            (sequence, new RecurrentLayer(32)),
            (sequence, new LstmLayer(64, returnSequences: true)),
            (sequence, new GruLayer(64)),
            (sequence, new BidirectionalLayer(new LstmLayer(32))),
            (units, new ResidualLayer([new DenseLayer(64, Activation.ReLU), new DenseLayer(64)])),
            (table, new WideAndDeepLayer(columns: [3, 7], layers: [new NumericEmbeddingLayer(units: 4), new DenseLayer(64)])),
            (table, new ReshapeLayer(new(24, 5))),
            (word, new EmbeddingLayer(vocabulary: 1000, units: 16)),
            (table, new NumericEmbeddingLayer(units: 4, bins: 32, scaleRate: 6)),
            (table, new MissingValueLayer(columns: [0, 3])),
            (table, new PrincipalComponentsLayer(components: 12)),
            (table, new DropoutLayer(0.2f)),
        ];
        Assert.All(layers, layer => Network.Create(layer.Input, [layer.Layer], seed: 1).Predict(new float[layer.Input.Size]));

        var source = File.ReadAllText(Path.Combine(Root, "tests", "MLNet.DenseNet.Tests", "ReadmeTests.cs"));
        var lines = LayerLine().Matches(File.ReadAllText(Path.Combine(Root, "src", "MLNet.DenseNet.Engine", "Layers", "Layers.md"))).Select(m => (Kind: m.Groups[1].Value, Code: m.Groups[2].Value)).ToArray();
        Assert.Equal(layers.Select(layer => layer.Layer.GetType().Name), lines.Select(line => line.Kind));
        Assert.All(lines, line => Assert.Contains($", {line.Code}),", source, StringComparison.Ordinal));
        var kinds = typeof(Layer).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract).Select(type => type.Name);
        Assert.Equal(kinds.Except([nameof(StandardizationLayer), nameof(EnsembleLayer)]).Order(), lines.Select(line => line.Kind).Order());
    }

    [Fact]
    public void A_residual_network_for_images()
    {
        var mlContext = new MLContext(seed: 1);

        var images = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            Layers =
            [
                new ConvolutionLayer(16, kernelSize: 3, padding: Padding.Same, activation: Activation.ReLU),
                new ResidualLayer(
                [
                    new ConvolutionLayer(32, kernelSize: 3, stride: 2, padding: Padding.Same), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU),
                    new ConvolutionLayer(32, kernelSize: 3, padding: Padding.Same), new BatchNormalizationLayer(),
                ]),
                new ActivationLayer(Activation.ReLU),
                new GlobalAveragePoolingLayer(),
            ],
        });

        var network = images.Fit(Shapes.ShapedRow.View("planes")).Model;
        Assert.Equal("12 x 10 x 16 -> 6 x 5 x 32", $"{network.Layers[2].InputShape} -> {network.Layers[2].OutputShape}");
        Assert.Equal("32 -> 3", $"{network.Layers[^1].InputShape} -> {network.Layers[^1].OutputShape}");
    }

    [Fact]
    public void Counts_over_exposures()
    {
        var mlContext = new MLContext(seed: 1);
        var random = new Random(1);
        var rows = MadeAmounts.Rows(1500, seed: 1, (_, _) => 0).Select(row =>
        {
            var exposure = (float)Math.Exp(4 * random.NextDouble() - 2);
            return new CountedRow { Features = row.Features, Exposure = exposure, Count = (float)MadeAmounts.Poisson(exposure * row.Rate, random), Expected = (float)row.Rate * exposure };
        }).ToArray();
        var split = mlContext.Data.TrainTestSplit(mlContext.Data.LoadFromEnumerable(rows), testFraction: 0.3);

        var pipeline = mlContext.Transforms.Expression("Rate", "(count, exposure) => count / exposure", "Count", "Exposure")
            .Append(mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Rate", ExampleWeightColumnName = "Exposure", Loss = new PoissonLoss() }))
            .Append(mlContext.Transforms.Expression("ExpectedCount", "(rate, exposure) => rate * exposure", "Score", "Exposure"));
        var expectedCounts = pipeline.Fit(split.TrainSet).Transform(split.TestSet).GetColumn<float>("ExpectedCount");

        // The weight for TweedieLoss(1.5f), 2 - 1.5 being 1/2. Expressions read a decimal point as the machine's culture has it; a fraction is the same everywhere.
        var weight = mlContext.Transforms.Expression("Weight", "exposure => exposure ^ (1f / 2f)", "Exposure");

        var expected = split.TestSet.GetColumn<float>(nameof(CountedRow.Expected)).ToArray();
        Assert.Equal(1, expectedCounts.Sum() / expected.Sum(), 0.08f);
        Assert.InRange(expectedCounts.Zip(expected, (count, mean) => Math.Abs(Math.Log(count / mean))).Average(), 0, 0.15);
        var weighted = weight.Fit(split.TestSet).Transform(split.TestSet);
        Assert.All(weighted.GetColumn<float>("Weight").Zip(weighted.GetColumn<float>("Exposure")), pair => Assert.Equal(Math.Sqrt(pair.Second), pair.First, 1e-6));
    }

    [Fact]
    public void Watching_it_learn() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(300));
        var split = mlContext.Data.TrainTestSplit(mlContext.Transforms.CopyColumns("Label", nameof(Sample.Category)).Fit(rows).Transform(rows), testFraction: 0.2);

        var options = new DenseNeuralNetOptions
        {
            HiddenLayers = [64],
            ValidationFraction = 0.2f,
            Augmentation = new TableAugmentation(noise: 0.05f),
            RecordDiagnostics = true,
        }.ShowProgress();
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(mlContext.Transforms.DenseNeuralNet(options));
        var model = pipeline.Fit(split.TrainSet);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));

        var history = model.GetDenseNeuralNet().History!;
        Console.WriteLine(history.Verdict);
        history.SaveReport("training.html", ReportEvaluation.FromConfusionMatrix(metrics.ConfusionMatrix));

        Assert.Contains(history.Verdict.Headline, File.ReadAllText("training.html"), StringComparison.Ordinal);
        Assert.True(metrics.MicroAccuracy > 0.85, $"accuracy {metrics.MicroAccuracy}");
    });

    [Fact]
    public void What_a_prediction_rests_on_and_how_sure_it_is() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(400));
        var split = mlContext.Data.TrainTestSplit(rows, testFraction: 0.25);
        var model = mlContext.Transforms.CopyColumns("Label", nameof(Sample.Number)).Append(mlContext.Transforms.Concatenate("Features", nameof(Sample.Features), nameof(Sample.Weight)))
            .Append(mlContext.Transforms.DenseNeuralNet(seed: 1)).Fit(split.TrainSet);

        var scored = model.Transform(split.TestSet);
        var importance = mlContext.Regression.PermutationFeatureImportance(model, scored, permutationCount: 5);
        foreach (var (feature, change) in importance.OrderBy(feature => feature.Value.RSquared.Mean))
            Console.WriteLine($"{feature}: without it, R-squared falls by {-change.RSquared.Mean:F3} ± {change.RSquared.StandardDeviation:F3}");

        var explained = mlContext.Transforms.CalculateDenseNeuralNetContribution(model, normalize: false).Fit(scored).Transform(scored);
        model.GetDenseNeuralNet().SaveReport("training.html", ReportEvaluation.FromPredictions(scored).With(ReportEvaluation.FromImportance(importance)));

        Assert.Equal(Sample.FeatureCount + 1, explained.GetColumn<float[]>("FeatureContributions").First().Length);
        Assert.Contains("Importance of features", File.ReadAllText("training.html"), StringComparison.Ordinal);

        var interval = mlContext.Transforms.CalculatePredictionInterval(model, confidence: 0.9f);
        var sure = interval.Fit(scored).Transform(scored);

        Assert.All(sure.GetColumn<float>("LowerBound").Zip(sure.GetColumn<float>("UpperBound")), ends => Assert.True(ends.First < ends.Second));
    });

    [Fact]
    public void Importance_before_a_calibrator_and_of_one_versus_all()
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(400));
        var named = mlContext.Transforms.CopyColumns("Label", nameof(Sample.Category)).Append(mlContext.Transforms.CopyColumns("IsLarge", nameof(Sample.Flag))).Fit(rows).Transform(rows);
        var split = mlContext.Data.TrainTestSplit(named, testFraction: 0.5);
        var features = mlContext.Transforms.Concatenate("Features", nameof(Sample.Features), nameof(Sample.Weight));

        var binary = features.Append(mlContext.BinaryClassification.Trainers.DenseNeuralNet("IsLarge")).Fit(split.TrainSet);
        var calibrated = binary.Append(mlContext.BinaryClassification.Calibrators.Platt("IsLarge").Fit(binary.Transform(split.TestSet)));
        var ofBinary = mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(binary, binary.Transform(split.TestSet), "IsLarge");

        var oneVersusAll = mlContext.MulticlassClassification.Trainers.OneVersusAll(mlContext.BinaryClassification.Trainers.DenseNeuralNet());
        var classes = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(features).Append(oneVersusAll).Fit(split.TrainSet);
        var ofClasses = mlContext.MulticlassClassification.PermutationFeatureImportance(classes, classes.Transform(split.TestSet));

        // The labels depend on the first two of the five features.
        Assert.Equal((Sample.FeatureCount + 1, Sample.FeatureCount + 1), (ofBinary.Count, ofClasses.Count));
        Assert.All(ofBinary, feature => Assert.Equal(feature.Key is "Slot 0" or "Slot 1", feature.Value.AreaUnderRocCurve.Mean < -0.05));
        Assert.All(ofClasses, feature => Assert.Equal(feature.Key is "Slot 0" or "Slot 1", feature.Value.MicroAccuracy.Mean < -0.05));

        // ML.NET's own limit, with its own trainer too.
        var linear = features.Append(mlContext.BinaryClassification.Trainers.LinearSvm("IsLarge")).Append(mlContext.BinaryClassification.Calibrators.Platt("IsLarge")).Fit(split.TrainSet);
        foreach (var model in new ITransformer[] { calibrated, linear })
            Assert.Contains("Invalid call to 'GetValue'", Assert.Throws<InvalidOperationException>(() => mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, model.Transform(split.TestSet), "IsLarge")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_engine_alone()
    {
        var network = Network.Create(inputShape: 2, [new DenseLayer(2, Activation.Sigmoid), new DenseLayer(2, Activation.Sigmoid)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions
        {
            Loss = new MeanSquaredError(),
            Optimizer = new StochasticGradientDescent(),
            LearningRate = 0.5f,
        });

        var loss = trainer.ComputeGradient(features: [0.05f, 0.10f], targets: [0.01f, 0.99f]);
        var gradient = trainer.Gradient(network.Parameters[0]);
        trainer.Step();

        Assert.Equal(4, gradient.Length);
        Assert.True(trainer.ComputeGradient([0.05f, 0.10f], [0.01f, 0.99f]) < loss);
    }

    private sealed class CountedRow
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Count { get; set; }

        public float Exposure { get; set; }

        public float Expected { get; set; }
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoWord();

    [GeneratedRegex(@"^\| `(\w+Layer)` \| .* \| `([^`]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex LayerLine();
}
