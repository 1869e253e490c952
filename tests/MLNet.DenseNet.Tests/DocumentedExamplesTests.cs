using System.Reflection;
using System.Xml.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Tests.Shapes;

namespace MLNet.DenseNet.Tests;

/// <summary>Every entry point has an example in its documentation, and all examples run as they stand there.</summary>
[Collection(ReadmeBlocks.CurrentFolder)]
public class DocumentedExamplesTests
{
    private static readonly MLContext Context = new(seed: 1);

    /// <summary>What lets users in: the methods of catalogs and extensions, and the engine's two classes.</summary>
    public static TheoryData<string> EntryPoints =>
    [
        .. from type in new[] { typeof(DenseNeuralNetOptions), typeof(ReportEvaluation), typeof(TrainingProgressExtensions), typeof(OnnxExtensions) }.SelectMany(type => type.Assembly.GetExportedTypes())
           where type.Name.EndsWith("Catalog", StringComparison.Ordinal) || type.Name.EndsWith("Extensions", StringComparison.Ordinal)
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Distinct()
           select $"M:{type.FullName}.{method}",
        .. from method in typeof(ReportEvaluation).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Distinct()
           select $"M:{typeof(ReportEvaluation).FullName}.{method}",
        $"T:{typeof(Network).FullName}",
        $"T:{typeof(NetworkTrainer).FullName}",
    ];

    [Theory]
    [MemberData(nameof(EntryPoints))]
    public void Entry_point_has_an_example_in_each_of_its_overloads(string member)
    {
        var overloads = Members().Where(found => found.Name == member || found.Name.StartsWith(member + "(", StringComparison.Ordinal) || found.Name.StartsWith(member + "``", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(overloads);
        Assert.All(overloads, overload => Assert.NotEmpty(overload.Examples));
    }

    [Fact]
    public void Every_example_stands_in_a_test() => ReadmeBlocks.CheckCode(Members().SelectMany(member => member.Examples), nameof(DocumentedExamplesTests), "MLNet.DenseNet.Onnx.Tests/DocumentedExamplesTests");

    [Fact]
    public void Trainers()
    {
        var mlContext = Context;
        {
            var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
                .Append(mlContext.Transforms.DenseNeuralNet(hiddenLayers: [128, 64]))
                .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
            Assert.NotNull(pipeline);
        }

        {
            var estimator = mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { ValidationFraction = 0.2f, EarlyStopping = new EarlyStopping() });
            Assert.NotNull(estimator);
        }

        {
            var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(mlContext.MulticlassClassification.Trainers.DenseNeuralNet());
            Assert.NotEmpty(pipeline.Fit(Rows("Label", nameof(Sample.Category))).Transform(Rows("Label", nameof(Sample.Category))).GetColumn<float[]>("Score"));
        }

        {
            var trainer = mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { ClassWeights = ClassWeights.Balanced });
            Assert.NotNull(trainer);
        }

        {
            var data = Rows("IsMalignant", nameof(Sample.Flag));
            var model = mlContext.BinaryClassification.Trainers.DenseNeuralNet(labelColumnName: "IsMalignant").Fit(data);
            Assert.NotNull(model);
        }

        {
            var data = mlContext.Transforms.Conversion.MapValueToKey("Query", nameof(Sample.Category)).Fit(Rows("Relevance", nameof(Sample.Number))).Transform(Rows("Relevance", nameof(Sample.Number)));
            var model = mlContext.Ranking.Trainers.DenseNeuralNet(labelColumnName: "Relevance", rowGroupColumnName: "Query").Fit(data);
            var metrics = mlContext.Ranking.Evaluate(model.Transform(data), "Relevance", "Query");
            Assert.NotEmpty(metrics.NormalizedDiscountedCumulativeGains);
        }

        {
            var trainer = mlContext.Ranking.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { RowGroupColumnName = "Query" });
            Assert.NotNull(trainer);
        }

        {
            var trainer = mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new BinaryCrossEntropy(labelSmoothing: 0.05f) });
            Assert.NotNull(trainer);
        }

        {
            var data = Rows("Price", nameof(Sample.Number));
            var folds = mlContext.Regression.CrossValidate(data, mlContext.Regression.Trainers.DenseNeuralNet(labelColumnName: "Price"), labelColumnName: "Price");
            Assert.Equal(5, folds.Count);
        }

        {
            var data = Rows("Price", nameof(Sample.Number));
            var options = new DenseNeuralNetOptions { LabelColumnName = "Price", Loss = new MultiQuantileLoss(0.1f, 0.5f, 0.9f) };
            var model = mlContext.Regression.Trainers.DenseNeuralNetQuantile(options).Fit(data);
            var quantiles = model.Transform(data).GetColumn<float[]>("Score").First();
            Assert.Equal(3, quantiles.Length);
        }

        {
            var data = Rows("Price", nameof(Sample.Number));
            var options = new DenseNeuralNetOptions { LabelColumnName = "Price", Loss = new MultiQuantileLoss(0.1f, 0.9f), NumberOfEpochs = 2 };
            var scored = mlContext.Transforms.DenseNeuralNet(options).Fit(data).Transform(data);
            var metrics = mlContext.Regression.EvaluateQuantiles(scored, labelColumnName: "Price");
            Console.WriteLine(metrics);
            Assert.Equal(2, metrics.Quantiles.Count);
            var folds = mlContext.Regression.CrossValidateQuantiles(data, mlContext.Transforms.DenseNeuralNet(options), labelColumnName: "Price");
            Console.WriteLine(folds.Average(fold => fold.Metrics.MeanPinballLoss));
            Assert.Equal(5, folds.Count);
        }

        {
            var trainer = mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Visits", Loss = new PoissonLoss() });
            Assert.NotNull(trainer);
        }

        {
            var data = Rows("Price", nameof(Sample.Number));
            var detector = mlContext.AnomalyDetection.Trainers.DenseNeuralNet(contamination: 0.01f).Fit(data);
            var isAnomaly = detector.Transform(data).GetColumn<bool>("PredictedLabel");
            Assert.Contains(false, isAnomaly);
        }

        {
            var trainer = mlContext.AnomalyDetection.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [32, 4, 32] }, contamination: 0.01f);
            Assert.NotNull(trainer);
        }

        {
            var options = new DenseNeuralNetOptions { ValidationFraction = 0.2f }.ShowProgress();
            Assert.NotNull(options.EpochCompleted);
        }
    }

    [Fact]
    public void Several_outputs()
    {
        var mlContext = Context;
        var data = Rows("Labels", nameof(Sample.Numbers));
        var trainer = mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions { LabelColumnName = "Labels" });
        var scored = trainer.Fit(data).Transform(data);
        var metrics = mlContext.Regression.EvaluateMultiOutput(scored, labelColumnName: "Labels");
        Console.WriteLine(metrics);
        var folds = mlContext.Regression.CrossValidateMultiOutput(data, mlContext.Transforms.DenseNeuralNet(labelColumnName: "Labels"), labelColumnName: "Labels");
        Assert.Equal(5, folds.Count);
    }

    [Fact]
    public void Several_labels()
    {
        var mlContext = Context;
        var rows = mlContext.Transforms.CopyColumns("IsSunny", nameof(Sample.Flag)).Append(mlContext.Transforms.CopyColumns("IsWarm", nameof(Sample.Flag))).Fit(Rows("Copied", nameof(Sample.Flag))).Transform(Rows("Copied", nameof(Sample.Flag)));
        var pipeline = mlContext.Transforms.Concatenate("Label", "IsSunny", "IsWarm").Append(mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(new DenseNeuralNetOptions()));
        var model = pipeline.Fit(rows);
        var cautious = mlContext.BinaryClassification.ChangeModelThresholds(model, [0.3f, 0.7f]);
        var scored = cautious.Transform(rows);
        var metrics = mlContext.BinaryClassification.EvaluateMultiLabel(scored);
        Console.WriteLine(metrics);
        var data = mlContext.Transforms.Concatenate("Label", "IsSunny", "IsWarm").Fit(rows).Transform(rows);
        var folds = mlContext.BinaryClassification.CrossValidateMultiLabel(data, mlContext.Transforms.DenseNeuralNet());
        Assert.Equal(5, folds.Count);
    }

    [Fact]
    public void Explanations()
    {
        var mlContext = Context;
        var data = Rows("Label", nameof(Sample.Number));
        var model = mlContext.Transforms.DenseNeuralNet(seed: 1).Fit(data);
        {
            var scored = model.Transform(data);
            var explained = mlContext.Transforms.CalculateDenseNeuralNetContribution(model, normalize: false).Fit(scored).Transform(scored);
            var contributions = explained.GetColumn<float[]>("FeatureContributions").First();
            Assert.Equal(Sample.FeatureCount, contributions.Length);
        }

        {
            var extracting = mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(data);
            var hidden = extracting.Transform(data).GetColumn<float[]>("HiddenFeatures").First();
            Assert.NotEmpty(hidden);
        }

        {
            var scored = model.Transform(data);
            var withInterval = mlContext.Transforms.CalculatePredictionInterval(model, confidence: 0.8f).Fit(scored).Transform(scored);
            var upperBounds = withInterval.GetColumn<float>("UpperBound");
            Assert.NotEmpty(upperBounds);
        }

        {
            var network = model.GetDenseNeuralNet();
            Console.WriteLine(network.Summary());
            Console.WriteLine(network.History?.Verdict);
        }
    }

    [Fact]
    public void Reports() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var mlContext = Context;
        var data = Rows("Label", nameof(Sample.Number));
        var model = mlContext.Transforms.DenseNeuralNet(seed: 1).Fit(data);
        var (scored, history) = (model.Transform(data), model.GetDenseNeuralNet().History!);
        model.GetDenseNeuralNet().SaveReport("training.html", ReportEvaluation.FromPredictions(scored));
        var files = model.GetDenseNeuralNet().SaveCharts("charts");
        using var page = new StringWriter();
        model.GetDenseNeuralNet().WriteReport(page);
        var lossCurve = model.GetDenseNeuralNet().DrawCharts()["loss"];
        history.SaveReport("training.html");
        var paths = history.SaveCharts("charts");
        history.WriteReport(Console.Out);
        var charts = history.DrawCharts();
        Assert.Equal((charts.Count, lossCurve), (files.Count, charts["loss"]));
        Assert.All(paths, path => Assert.True(File.Exists(path)));
    });

    [Fact]
    public void Evaluations_in_reports() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var mlContext = Context;
        {
            var rows = Named(Rows("Label", nameof(Sample.Category)));
            var testSet = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
            var model = Fitted(mlContext.MulticlassClassification.Trainers.DenseNeuralNet(numberOfEpochs: 2), testSet);
            var history = model.GetDenseNeuralNet().History!;
            var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(testSet));
            history.SaveReport("training.html", ReportEvaluation.FromConfusionMatrix(metrics.ConfusionMatrix));
            var importance = mlContext.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(testSet), permutationCount: 5);
            var evaluation = ReportEvaluation.FromImportance(importance);
            Assert.NotNull(evaluation);
        }

        {
            var testSet = Named(Rows("Label", nameof(Sample.Flag)));
            var model = Fitted(mlContext.BinaryClassification.Trainers.DenseNeuralNet(numberOfEpochs: 2), testSet);
            var importance = mlContext.BinaryClassification.PermutationFeatureImportanceNonCalibrated(model, model.Transform(testSet), permutationCount: 5);
            var evaluation = ReportEvaluation.FromImportance(importance);
            Assert.NotNull(evaluation);
        }

        {
            var testSet = Named(Rows("Label", nameof(Sample.Flag)));
            var model = Fitted(mlContext.BinaryClassification.Trainers.DenseNeuralNet(numberOfEpochs: 2), testSet);
            var scored = model.Transform(testSet);
            var evaluation = ReportEvaluation.FromProbabilities(scored);
            Assert.NotNull(evaluation);
        }

        {
            var testSet = Named(Rows("Price", nameof(Sample.Number)));
            var model = Fitted(mlContext.Regression.Trainers.DenseNeuralNet(labelColumnName: "Price", numberOfEpochs: 2), testSet);
            model.GetDenseNeuralNet().SaveReport("training.html", ReportEvaluation.FromPredictions(model.Transform(testSet), labelColumnName: "Price"));
            var importance = mlContext.Regression.PermutationFeatureImportance(model, model.Transform(testSet), labelColumnName: "Price", permutationCount: 5);
            var evaluation = ReportEvaluation.FromImportance(importance);
            Assert.NotNull(evaluation);
        }

        {
            var rows = Named(Rows("Relevance", nameof(Sample.Number)));
            var testSet = mlContext.Transforms.Conversion.MapValueToKey("Query", nameof(Sample.Category)).Fit(rows).Transform(rows);
            var model = Fitted(mlContext.Ranking.Trainers.DenseNeuralNet("Relevance", "Features", "Query", numberOfEpochs: 2), testSet);
            var importance = mlContext.Ranking.PermutationFeatureImportance(model, model.Transform(testSet), "Relevance", "Query", permutationCount: 5);
            var evaluation = ReportEvaluation.FromImportance(importance);
            Assert.NotNull(evaluation);
        }

        {
            var evaluation = ReportEvaluation.FromPredictions(actual: [1, 2, 4], predicted: [1.1f, 2.3f, 3.6f]);
            Assert.NotNull(evaluation);
        }

        {
            var images = ShapedRow.View("planes");
            var model = Fitted(mlContext.Regression.Trainers.DenseNeuralNet(nameof(ShapedRow.Number), numberOfEpochs: 1), images);
            var image = images.GetColumn<float[]>("Features").First();
            var evaluation = ReportEvaluation.FromImage(model.GetDenseNeuralNet(), image);
            Assert.NotNull(evaluation);
        }
    });

    [Fact]
    public void The_engine()
    {
        var network = Network.Create(inputShape: 4, [new DenseLayer(16, Activation.ReLU), new DenseLayer(3, Activation.Softmax)], seed: 1);
        float[] probabilities = network.Predict([5.1f, 3.5f, 1.4f, 0.2f]);
        Assert.Equal(1, probabilities.Sum(), 1e-5);

        var features = new float[40];
        int[] classes = [.. Enumerable.Range(0, 10).Select(row => row % 3)];
        var trainer = new NetworkTrainer(network, new TrainingOptions { LearningRate = 0.01f, NumberOfEpochs = 20, Seed = 1 });
        var history = trainer.Train(Dataset.FromClasses(inputs: 4, classCount: 3, features, classes));
        Assert.Equal(20, history.Count);
    }

    private static IDataView Rows(string label, string source)
    {
        var rows = Context.Data.LoadFromEnumerable(Sample.Rows(60));
        return Context.Transforms.CopyColumns(label, source).Fit(rows).Transform(rows);
    }

    /// <summary>As a pipeline would be.</summary>
    private static ITransformer Fitted<T>(IEstimator<T> estimator, IDataView rows) where T : class, ITransformer => estimator.Fit(rows);

    /// <summary>With a feature that has a name, without which ML.NET's importance of features is not to be had.</summary>
    private static IDataView Named(IDataView rows) => Context.Transforms.Concatenate("Features", "Features", nameof(Sample.Weight)).Fit(rows).Transform(rows);

    private static IEnumerable<(string Name, string[] Examples)> Members() =>
        from type in new[] { typeof(Network), typeof(DenseNeuralNetOptions), typeof(ReportEvaluation), typeof(TrainingProgressExtensions), typeof(OnnxExtensions) }
        from member in XDocument.Load(Path.ChangeExtension(type.Assembly.Location, "xml")).Descendants("member")
        select ((string)member.Attribute("name")!, member.Elements("example").Elements("code").Select(code => code.Value).ToArray());
}
