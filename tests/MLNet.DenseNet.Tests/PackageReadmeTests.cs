using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests;

/// <summary>The code of the packages' READMEs runs as it stands there.</summary>
[Collection(ReadmeBlocks.CurrentFolder)]
public partial class PackageReadmeTests
{
    /// <summary>The names of the projects that are packed.</summary>
    public static TheoryData<string> Packages => [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src"), "MLNet.DenseNet*").Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Packages))]
    public void The_code_block_of_a_package_stands_in_this_file(string package) => Assert.Equal(1, ReadmeBlocks.Check($"src/{package}/README.md", nameof(PackageReadmeTests)));

    /// <summary>A gallery shows the README without the repository around it.</summary>
    [Theory]
    [MemberData(nameof(Packages))]
    public void The_readme_of_a_package_says_how_to_install_it_and_has_no_links(string package)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "src", package, "README.md"));
        Assert.StartsWith($"# {package}\n", readme, StringComparison.Ordinal);
        Assert.Contains($"\ndotnet add package {package}\n", readme, StringComparison.Ordinal);
        Assert.DoesNotMatch(Link(), readme);
    }

    [Fact]
    public void The_integration() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        File.Copy(Path.Combine(Repository.Root, "examples", "data", "digits.csv"), "digits.csv");

        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromTextFile(
            "digits.csv", [new("Features", DataKind.Single, 0, 63), new("Label", DataKind.Single, 64)], separatorChar: ',', hasHeader: true);
        var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);

        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.DenseNeuralNet())
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(split.TrainSet);

        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Console.WriteLine($"accuracy {metrics.MicroAccuracy:F3}: {model.GetDenseNeuralNet().History!.Verdict.Headline}");
        mlContext.Model.Save(model, data.Schema, "model.zip");

        Assert.True(metrics.MicroAccuracy > 0.96, $"accuracy {metrics.MicroAccuracy}");
        Assert.True(File.Exists("model.zip"));
    });

    [Fact]
    public void The_engine() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var random = new Random(1);
        float[] features = [.. Enumerable.Range(0, 2 * 500).Select(_ => 2 * random.NextSingle() - 1)];
        int[] classes = [.. features.Chunk(2).Select(row => row[0] * row[1] > 0 ? 1 : 0)];

        var network = Network.Create(inputShape: 2, [new DenseLayer(16, Activation.SiLU), new DenseLayer(2, Activation.Softmax)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions
        {
            Loss = new SoftmaxCrossEntropy(),
            Optimizer = new Adam(),
            LearningRate = 0.01f,
            NumberOfEpochs = 50,
            Seed = 1,
        });
        var history = trainer.Train(Dataset.FromClasses(inputs: 2, classCount: 2, features, classes));

        Console.WriteLine($"accuracy {history[^1].Accuracy:F3}; the same sign: {network.Predict([0.5f, 0.5f])[1]:F3}");
        using (var file = File.Create("network.bin"))
            network.Save(file);
        using (var file = File.OpenRead("network.bin"))
            network = Network.Load(file);

        Assert.InRange(history[^1].Accuracy!.Value, 0.97, 1);
        Assert.InRange(network.Predict([0.5f, 0.5f])[1], 0.9f, 1);
        Assert.InRange(network.Predict([0.5f, -0.5f])[1], 0, 0.1f);
    });

    [Fact]
    public void Progress()
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(200));
        var data = mlContext.Transforms.CopyColumns("Label", nameof(Sample.Flag)).Fit(rows).Transform(rows);

        var trainer = mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { NumberOfEpochs = 10, Seed = 1 }.ShowProgress());
        var model = trainer.Fit(data);

        Assert.Equal(10, model.Model.History!.Count);
    }

    [Fact]
    public void Onnx() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(200));
        var data = mlContext.Transforms.CopyColumns("Label", nameof(Sample.Flag)).Fit(rows).Transform(rows);

        var model = mlContext.BinaryClassification.Trainers.DenseNeuralNet(numberOfEpochs: 10, seed: 1).Fit(data);
        model.Model.SaveOnnx("model.onnx");

        // Names stand in the file as they are.
        Assert.All(new[] { "features", "score", "probability" }, name => Assert.True(File.ReadAllBytes("model.onnx").AsSpan().IndexOf(Encoding.UTF8.GetBytes(name)) >= 0, name));
    });

    [Fact]
    public void Reports() => ReadmeBlocks.RunInFolderOfItsOwn(() =>
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Sample.Rows(300));
        var split = mlContext.Data.TrainTestSplit(mlContext.Transforms.CopyColumns("Label", nameof(Sample.Category)).Fit(rows).Transform(rows), testFraction: 0.2);

        var options = new DenseNeuralNetOptions { ValidationFraction = 0.2f, NumberOfEpochs = 20, RecordDiagnostics = true, Seed = 1 };
        var model = mlContext.Transforms.Conversion.MapValueToKey("Label").Append(mlContext.Transforms.DenseNeuralNet(options)).Fit(split.TrainSet);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(split.TestSet));

        var network = model.GetDenseNeuralNet();
        network.SaveReport("training.html", ReportEvaluation.FromConfusionMatrix(metrics.ConfusionMatrix));
        network.SaveCharts("charts");

        Assert.Contains(network.History!.Verdict.Headline, File.ReadAllText("training.html"), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles("charts", "*.svg"));
    });

    [GeneratedRegex(@"\]\(|https?:")]
    private static partial Regex Link();
}
