using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests;

/// <summary>The README's code runs as it stands there.</summary>
public partial class ReadmeTests
{
    internal static readonly string Root = Repository.Root;

    [Fact]
    public void Every_code_block_of_the_readme_stands_in_this_file()
    {
        var source = Normalize(File.ReadAllText(Path.Combine(Root, "tests", "MLNet.DenseNet.Tests", "ReadmeTests.cs")));
        var blocks = CodeBlock().Matches(File.ReadAllText(Path.Combine(Root, "README.md"))).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(5, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(Normalize(block), source, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pipeline()
    {
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromTextFile(
            Path.Combine(Root, "examples", "data", "digits.csv"),
            [new("Features", DataKind.Single, 0, 63), new("Label", DataKind.Single, 64)], separatorChar: ',', hasHeader: true);
        var split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2);
        InFolderOfItsOwn(() =>
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

    [Fact]
    public void Watching_it_learn() => InFolderOfItsOwn(() =>
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

    private static void InFolderOfItsOwn(Action run)
    {
        var before = Directory.GetCurrentDirectory();
        var folder = Directory.CreateTempSubdirectory("readme");
        Directory.SetCurrentDirectory(folder.FullName);
        try
        {
            run();
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
    }

    private static string Normalize(string code) => WhiteSpace().Replace(code, " ").Trim();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
