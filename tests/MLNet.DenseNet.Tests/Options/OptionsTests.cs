using System.Text.RegularExpressions;
using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

public class OptionsTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string, Action<DenseNeuralNetOptions>> Wrong => new()
    {
        { "InputShape", o => o.InputShape = default(Engine.Shape) },
        { "InputShape", o => o.InputShape = new Engine.Shape(2, 2, 2, 2) },
        { "HiddenLayers", o => o.HiddenLayers = [8, 0] },
        { "HiddenLayers", o => o.HiddenLayers = [-1] },
        { "HiddenLayers", o => (o.HiddenLayers, o.Layers) = ([8], [new DenseLayer(8)]) },
        { "Layers", o => o.Layers = [null!] },
        { "HiddenLayers", o => o.HiddenLayers = [5, -3] },
        { "Layers", o => o.Layers = [new StandardizationLayer()] },
        { "Layers", o => o.Layers = [new EnsembleLayer(2, [new DenseLayer(1)])] },
        { "Layers", o => o.Layers = [new DropoutLayer(0.1f), new EmbeddingLayer(5, 2)] },
        { "Layers", o => o.Layers = [new ReshapeLayer(new Engine.Shape(5, 1)), new DropoutLayer(0.1f), new EmbeddingLayer(5, 2)] },
        { "Augmentation", o => (o.Augmentation, o.Layers) = (new TableAugmentation(noise: 0.1f), [new EmbeddingLayer(5, 2)]) },
        { "Augmentation", o => (o.Augmentation, o.Layers) = (new TableAugmentation(mixup: 0.1f), [new ReshapeLayer(new Engine.Shape(5, 1)), new EmbeddingLayer(5, 2)]) },
        { "EnsembleSize", o => o.EnsembleSize = 0 },
        { "EnsembleSize", o => o.EnsembleSize = 101 },
        { "NormalizeFeatures", o => o.NormalizeFeatures = (FeatureNormalization)3 },
        { "NormalizeFeatures", o => (o.NormalizeFeatures, o.Layers) = (FeatureNormalization.On, [new EmbeddingLayer(5, 2)]) },
        { "MissingFeatures", o => o.MissingFeatures = (MissingFeatures)2 },
        { "NumericEmbedding", o => o.NumericEmbedding = (NumericEmbedding)3 },
        { "NumericEmbedding", o => (o.NumericEmbedding, o.Layers) = (NumericEmbedding.On, [new DenseLayer(2)]) },
        { "DropoutRate", o => o.DropoutRate = 1 },
        { "DropoutRate", o => o.DropoutRate = -0.1f },
        { "DropoutRate", o => o.DropoutRate = float.NaN },
        { "DropoutRate", o => (o.DropoutRate, o.Layers) = (0.5f, [new DenseLayer(8)]) },
        { "Activation", o => o.Activation = null! },
        { "Activation", o => o.Activation = Activation.Softmax },
        { "Activation", o => o.Activation = Activation.Exponential },
        { "Activation", o => (o.Activation, o.Layers) = (Activation.Tanh, [new DenseLayer(8)]) },
        { "LearningRate", o => o.LearningRate = 0 },
        { "LearningRate", o => o.LearningRate = float.NaN },
        { "BatchSize", o => o.BatchSize = 0 },
        { "NumberOfEpochs", o => o.NumberOfEpochs = 0 },
        { "LearningRateSchedule", o => (o.NumberOfEpochs, o.LearningRateSchedule) = (10, new WarmUpSchedule(10.5f)) },
        { "WeightDecay", o => o.WeightDecay = -1 },
        { "WeightDecay", o => o.WeightDecay = float.NaN },
        { "GradientNormLimit", o => o.GradientNormLimit = 0 },
        { "GradientValueLimit", o => o.GradientValueLimit = -1 },
        { "ValidationFraction", o => o.ValidationFraction = 1 },
        { "ValidationFraction", o => (o.ValidationFraction, o.ValidationSet) = (0.1f, new MLContext().Data.LoadFromEnumerable(Sample.Rows(1))) },
        { "CancellationBehavior", o => o.CancellationBehavior = (CancellationBehavior)5 },
        { "DataCaching", o => o.DataCaching = (DataCaching)3 },
        { "Verbosity", o => o.Verbosity = (Verbosity)9 },
        { "NumberOfThreads", o => o.NumberOfThreads = 0 },
        { "NumberOfThreads", o => o.NumberOfThreads = 1025 },
        { "LabelColumnName", o => o.LabelColumnName = "" },
        { "FeatureColumnName", o => o.FeatureColumnName = null! },
        { "ExampleWeightColumnName", o => o.ExampleWeightColumnName = "" },
        { "SamplingKeyColumnName", o => o.SamplingKeyColumnName = "" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named_by_every_catalog(string option, Action<DenseNeuralNetOptions> set)
    {
        var options = new DenseNeuralNetOptions();
        set(options);
        CheckNames(() => _mlContext.Transforms.DenseNeuralNet(options));
        CheckNames(() => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options));
        CheckNames(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options));
        CheckNames(() => _mlContext.Regression.Trainers.DenseNeuralNet(options));
        CheckNames(() => _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(options));

        void CheckNames(Action create)
        {
            var error = Assert.ThrowsAny<ArgumentException>(create);
            Assert.Equal(option, error.ParamName);
            Assert.StartsWith($"The option {option} is", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_range_is_tested_and_documented()
    {
        var ranges = TrainingOptions.Ranges.Select(r => (r.Option, r.Requirement)).Concat(DenseNeuralNetOptions.OwnRanges.Select(r => (r.Option, r.Requirement))).ToArray();
        Assert.Empty(ranges.Select(r => r.Option).Except(Wrong.Select(row => row.Data.Item1)));

        var numbers = ranges.Where(r => r.Requirement.StartsWith("be finite", StringComparison.Ordinal) || r.Requirement is "be at least 1" || r.Requirement.StartsWith("be in [", StringComparison.Ordinal)).ToArray();
        Assert.Equal(10, numbers.Length);
        Assert.All(numbers, r => Assert.Contains(r.Requirement["be ".Length..], OptionDocumentation.Of(typeof(DenseNeuralNetOptions), r.Option).Summary, StringComparison.OrdinalIgnoreCase));
        Assert.All(
            numbers.Where(r => typeof(TrainingOptions).GetProperty(r.Option) is not null),
            r => Assert.Contains(r.Requirement["be ".Length..], OptionDocumentation.Of(typeof(TrainingOptions), r.Option).Summary, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_option_stands_in_the_page_of_options()
    {
        var page = File.ReadAllText(Path.Combine(ReadmeTests.Root, "src", "MLNet.DenseNet", "Options.md"));
        Assert.All(typeof(DenseNeuralNetOptions).GetProperties(), option => Assert.Contains($"`{option.Name}`", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_option_is_shown_in_an_example()
    {
        var programs = Directory.GetFiles(Path.Combine(ReadmeTests.Root, "examples"), "Program.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        Assert.All(typeof(DenseNeuralNetOptions).GetProperties(), option => Assert.Contains(programs, program => Regex.IsMatch(program, $@"\b{option.Name} = ")));
    }

    [Fact]
    public void Output_activations_that_do_not_fit_the_task_are_refused()
    {
        var softmax = new DenseNeuralNetOptions { OutputActivation = Activation.Softmax };
        var identity = new DenseNeuralNetOptions { OutputActivation = Activation.Identity };
        Assert.Contains("OutputActivation is softmax", Refused(() => _mlContext.Regression.Trainers.DenseNeuralNet(softmax)).Message, StringComparison.Ordinal);
        Assert.Contains("be sigmoid", Refused(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(softmax)).Message, StringComparison.Ordinal);
        Assert.Contains("be softmax or sigmoid", Refused(() => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(identity)).Message, StringComparison.Ordinal);

        static ArgumentException Refused(Action create) => Assert.Throws<ArgumentOutOfRangeException>(create);
    }

    [Fact]
    public void Losses_that_do_not_fit_the_output_are_refused()
    {
        var options = new DenseNeuralNetOptions { Loss = new SoftmaxCrossEntropy() };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options));
        Assert.Contains("softmax cross-entropy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_from_logits_are_refused_where_the_output_is_not_theirs()
    {
        var options = new DenseNeuralNetOptions { Loss = new BinaryCrossEntropy() };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.Trainers.DenseNeuralNet(options));
        Assert.StartsWith("The option Loss is binary cross-entropy; it must be one that fits the output activation identity: this loss needs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regression_minimizes_squared_errors_whatever_its_output_activation()
    {
        var losses = new List<double>();
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50));
        _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = "Number",
            OutputActivation = Activation.Sigmoid,
            EpochCompleted = epoch => losses.Add(epoch.Loss),
        }).Fit(data);
        Assert.All(losses, loss => Assert.True(loss > 0));
    }

    [Fact]
    public void Options_are_copied()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(20));
        var epochs = 0;
        var units = new List<int> { 3 };
        var options = new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = units, NumberOfEpochs = 2, EpochCompleted = _ => epochs++ };
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(options);
        options.NumberOfEpochs = 9;
        units.Add(4);
        var model = trainer.Fit(data).Model;
        Assert.Equal(2, epochs);
        Assert.Equal(["Standardization, limit 3", "Dense 3 SiLU", "Dense 1 identity"], model.Layers.Select(l => l.Layer.ToString()));
    }

    [Fact]
    public void Layers_replace_the_hidden_ones()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(20));
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = "Number",
            Layers = [new DenseLayer(5, Activation.Tanh), new DropoutLayer(0.25f), new DenseLayer(2, Activation.LeakyReLU(0.1f))],
            NumberOfEpochs = 1,
        });
        Assert.Equal(
            ["Standardization, limit 3", "Dense 5 tanh", "Dropout 0.25", "Dense 2 leaky ReLU", "Dense 1 identity"],
            trainer.Fit(data).Model.Layers.Select(l => l.Layer.ToString()));
    }

    [Fact]
    public void Every_common_parameter_reaches_the_network()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(20));
        var byParameters = _mlContext.Regression.Trainers.DenseNeuralNet(
            "Number", "Features", "Weight", hiddenLayers: [6, 5], activation: Activation.SiLU, dropoutRate: 0.3f, learningRate: 0.02f, batchSize: 7, numberOfEpochs: 3, seed: 4);
        var byOptions = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = "Number",
            FeatureColumnName = "Features",
            ExampleWeightColumnName = "Weight",
            HiddenLayers = [6, 5],
            Activation = Activation.SiLU,
            DropoutRate = 0.3f,
            LearningRate = 0.02f,
            BatchSize = 7,
            NumberOfEpochs = 3,
            Seed = 4,
        });
        Assert.Equal(Tasks.ScoreBits(byOptions.Fit(data).Transform(data)), Tasks.ScoreBits(byParameters.Fit(data).Transform(data)));
        Assert.Equal(
            ["Standardization, limit 3", "Dense 6 SiLU", "Dropout 0.3", "Dense 5 SiLU", "Dropout 0.3", "Dense 1 identity"],
            byParameters.Fit(data).Model.Layers.Select(l => l.Layer.ToString()));
    }
}
