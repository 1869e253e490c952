using CatsAndDogs;
using FashionMnist;
using HalfDigits;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;
using MLNet.DenseNet.Engine;
using Playground;
using TextSentiment;
using TimeSeries;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>
/// The models of the examples, after little training on the same data: what ONNX Runtime computes of the network's file is what the model predicts, and so it is of the whole pipeline's
/// where ML.NET's converter knows all of its steps.
/// </summary>
public class ExampleModelsTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Digits()
    {
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label").Append(_mlContext.Transforms.DenseNeuralNet(Short(new()))).Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        Check(pipeline, Load("digits.csv", features: 64), "Score");
    }

    [Fact]
    public void Tumours() =>
        Check(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Short(new() { HiddenLayers = [32], DropoutRate = 0.2f })), Load("breast-cancer.csv", features: 30, DataKind.Boolean), "Score", "Probability", "PredictedLabel");

    [Fact]
    public void Tumours_by_given_layers() => Check(
        _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Short(new() { Layers = [new DenseLayer(32, Activation.Tanh), new DropoutLayer(0.1f), new DenseLayer(16, Activation.Tanh)] })),
        Load("breast-cancer.csv", features: 30, DataKind.Boolean), "Score", "Probability", "PredictedLabel");

    [Fact]
    public void Diabetes() =>
        Check(_mlContext.Regression.Trainers.DenseNeuralNet(Short(new() { HiddenLayers = [64], EnsembleSize = 4, WeightDecay = 0.01f })), Load("diabetes.csv", features: 10), "Score");

    [Fact]
    public void Quantiles_of_diabetes() =>
        Check(_mlContext.Transforms.DenseNeuralNet(Short(new() { Loss = new MultiQuantileLoss(0.05f, 0.5f, 0.95f) })), Load("diabetes.csv", features: 10), "Score");

    [Fact]
    public void Sensors_of_which_some_have_not_reported()
    {
        var complete = Load("diabetes.csv", features: 10);
        var rows = complete.GetColumn<float[]>("Features").Zip(complete.GetColumn<float>("Label"), (features, label) => new Reading { Features = features, Label = label }).ToArray();
        for (var row = 0; row < rows.Length; row += 5)
            rows[row].Features[row % 10] = float.NaN;
        Check(_mlContext.Regression.Trainers.DenseNeuralNet(Short(new() { HiddenLayers = [64, 32], NumericEmbedding = NumericEmbedding.On })), _mlContext.Data.LoadFromEnumerable(rows), "Score");
    }

    [Fact]
    public void Half_digits()
    {
        var rows = _mlContext.Data.LoadFromTextFile(
            DataFile("digits.csv"), [new TextLoader.Column("Upper", DataKind.Single, 0, 31), new TextLoader.Column("Lower", DataKind.Single, 32, 63)], separatorChar: ',', hasHeader: true);
        var options = Short(new() { LabelColumnName = "Lower", FeatureColumnName = "Upper", HiddenLayers = [256], Activation = Activation.SiLU, OutputActivation = Activation.Sigmoid, Loss = new LogCoshLoss() });
        Check(_mlContext.Transforms.DenseNeuralNet(options), _mlContext.Data.TakeRows(rows, 500), "Score");
    }

    [Fact]
    public void Cats_and_dogs()
    {
        var random = new Random(1);
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => AnimalImage.Draw(isDog: i % 2 == 1, random)).ToArray());
        var options = Short(new() { LabelColumnName = nameof(AnimalImage.IsDog), FeatureColumnName = nameof(AnimalImage.Pixels), HiddenLayers = [16] });
        Check(_mlContext.Transforms.DenseNeuralNet(options), rows, "Score", "Probability", "PredictedLabel");
    }

    /// <summary>The converter takes no dates, and the windows come from them: the network alone.</summary>
    [Fact]
    public void Time_series()
    {
        var series = _mlContext.Data.LoadFromTextFile<Day>(DataFile("chicago-ridership.csv"), separatorChar: ',', hasHeader: true);
        var windows = _mlContext.Transforms.StatefulCustomMapping<Day, Window, WindowBuilder>(WindowBuilder.Map, WindowBuilder.Start, contractName: null).Fit(series).Transform(series);
        var rows = _mlContext.Data.TakeRows(_mlContext.Data.FilterByCustomPredicate<Window>(windows, window => !window.IsFull), 300);
        CheckNetwork(_mlContext.Transforms.DenseNeuralNet(Short(new() { LabelColumnName = nameof(Day.Ridership), Layers = [new LstmLayer(32)], LearningRate = 0.01f })).Fit(rows), rows);
    }

    /// <summary>The converter knows no step that makes numbers of text in this way: the network alone.</summary>
    [Fact]
    public void Text_sentiment()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Review.Write(400, seed: 1));
        var words = new TextFeaturizingEstimator.Options { WordFeatureExtractor = new WordBagEstimator.Options { NgramLength = 2, UseAllLengths = true }, CharFeatureExtractor = null };
        var pipeline = _mlContext.Transforms.Text.FeaturizeText("Features", words, nameof(Review.Text))
            .Append(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Short(new() { LabelColumnName = nameof(Review.IsContent), HiddenLayers = [32] })));
        CheckNetwork(pipeline.Fit(rows), rows);
    }

    /// <summary>On digits, enlarged to the size of these images, which are no part of the repository.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("--convolutional")]
    [InlineData("--deep")]
    [InlineData("--recurrent")]
    public void Fashion(string? recipe)
    {
        var digits = Load("digits.csv", features: 64);
        var images = digits.GetColumn<float[]>("Features").Zip(digits.GetColumn<float>("Label"), (pixels, label) => new FashionImage { Features = Enlarge(pixels), Label = (byte)label }).Take(150).ToArray();
        var rows = _mlContext.Data.LoadFromEnumerable(images);
        CheckNetwork(_mlContext.Transforms.Conversion.MapValueToKey("Label").Append(_mlContext.Transforms.DenseNeuralNet(Short(Recipe.Of(recipe)!.Options))).Fit(rows), rows);
    }

    [Fact]
    public void Playground()
    {
        var points = PointSet.Spiral(400, new Random(1));
        var network = Network.Create(inputShape: 2, [new DenseLayer(32, Activation.GELU), new DenseLayer(32, Activation.GELU), new DenseLayer(1, Activation.Sigmoid)], seed: 1);
        new NetworkTrainer(network, new TrainingOptions { LearningRate = 0.01f, NumberOfEpochs = 20, Seed = 1 }).Train(Dataset.FromTargets(inputs: 2, outputs: 1, points.Features, points.Labels));
        using var onnx = OnnxModel.Of(network);
        Close.Check(network.Predict(points.Features), onnx.Run(points.Features)["output"]);
    }

    private static DenseNeuralNetOptions Short(DenseNeuralNetOptions options)
    {
        (options.NumberOfEpochs, options.NumberOfThreads, options.Seed, options.Verbosity) = (2, 1, 1, Verbosity.Silent);
        return options;
    }

    /// <summary>8 x 8 pixels to 28 x 28, and from 16 shades to between 0 and 1.</summary>
    private static float[] Enlarge(float[] pixels) =>
        [.. Enumerable.Range(0, FashionImage.Side * FashionImage.Side).Select(i => pixels[8 * (i / FashionImage.Side * 8 / FashionImage.Side) + i % FashionImage.Side * 8 / FashionImage.Side] / 16)];

    private static string DataFile(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    private IDataView Load(string file, int features, DataKind label = DataKind.Single) => _mlContext.Data.LoadFromTextFile(
        DataFile(file), [new TextLoader.Column("Features", DataKind.Single, 0, features - 1), new TextLoader.Column("Label", label, features)], separatorChar: ',', hasHeader: true);

    private void Check<T>(IEstimator<T> pipeline, IDataView rows, params string[] columns) where T : class, ITransformer
    {
        var model = pipeline.Fit(rows);
        CheckNetwork(model, rows);
        ConvertedPipeline.Check(_mlContext, model, rows, columns);
    }

    private static void CheckNetwork(ITransformer model, IDataView rows)
    {
        var (network, scored) = (model.GetDenseNeuralNet(), model.Transform(rows));
        using var onnx = OnnxModel.Of(network);
        // Any other column of vectors is a label.
        var features = scored.Schema.Single(column => column.Name is "Features" or "Upper" or nameof(AnimalImage.Pixels)).Name;
        var outputs = onnx.Run([.. scored.GetColumn<float[]>(features).SelectMany(row => row)]);
        Close.Check(Values(scored, "Score"), outputs["score"]);
        if (outputs.TryGetValue("probability", out var probability))
            Close.Check(Values(scored, "Probability"), probability);
    }

    private static float[] Values(IDataView rows, string column) =>
        rows.Schema[column].Type is VectorDataViewType ? [.. rows.GetColumn<float[]>(column).SelectMany(row => row)] : [.. rows.GetColumn<float>(column)];

    private sealed class Reading
    {
        [VectorType(10)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
