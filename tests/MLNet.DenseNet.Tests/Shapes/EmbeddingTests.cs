using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests.Shapes;

/// <summary>Numbers of words come to an embedding as they are.</summary>
public class EmbeddingTests
{
    private const int Words = 12;
    private const int Length = 9;

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<Layer[]> Networks => new()
    {
        (Layer[])[new EmbeddingLayer(Words, 6), new GlobalMaxPoolingLayer()],
        (Layer[])[new ReshapeLayer(new Engine.Shape(Length, 1)), new EmbeddingLayer(Words, 6), new LstmLayer(10)],
    };

    /// <summary>A text is about a thing where the third word is in it.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void Words_are_learned(Layer[] layers)
    {
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Layers = layers, LearningRate = 0.01f, Optimizer = new Adam(), NumberOfEpochs = 40 });
        var (train, test) = (Texts(600, seed: 1), Texts(200, seed: 2));
        var model = trainer.Fit(train);
        Assert.Equal(layers[0].ToString(), $"{model.Model.Layers[0].Layer}");
        var scored = model.Transform(test);
        Assert.True(_mlContext.BinaryClassification.Evaluate(scored).Accuracy > 0.95);
        Assert.Equal(Tasks.ScoreBits(scored), Tasks.ScoreBits(SavedModel.Reload(model, train.Schema).Transform(test)));
        // Going on is without standardization too.
        Assert.Equal(layers[0].ToString(), $"{trainer.Fit(train, model.Model).Model.Layers[0].Layer}");
    }

    /// <summary>Batches know neither, so rows are checked as they are read.</summary>
    [Theory]
    [MemberData(nameof(WrongNumbers))]
    public void A_value_that_is_no_word_is_told_with_its_row_and_slot(DataCaching caching, int layers, float value)
    {
        var options = new DenseNeuralNetOptions { Layers = Networks.ElementAt(layers).Data, DataCaching = caching, NumberOfEpochs = 1 };
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(options);
        foreach (var isSparse in (bool[])[false, true])
        {
            var (right, wrong) = (Numbers(1, isSparse), Numbers(value, isSparse));
            var expected = FormattableString.Invariant($"ow 41 of the data to score has the feature {value} ('third' in slot 2 of the column 'Features'); the layer Embedding 12 x 6 looks up whole numbers from 0 to 11");
            var read = expected.Replace(" of the data to score", "", StringComparison.Ordinal);
            Assert.Contains("training data failed after 40 rows: r" + read, Assert.ThrowsAny<Exception>(() => trainer.Fit(wrong)).Message, StringComparison.Ordinal);
            Assert.Contains("validation data failed after 40 rows: r" + read, Assert.ThrowsAny<Exception>(() => trainer.Fit(right, wrong)).Message, StringComparison.Ordinal);
            Assert.Contains("R" + expected, Assert.ThrowsAny<Exception>(() => trainer.Fit(right).Transform(wrong).GetColumn<float>("Score").ToArray()).ToString(), StringComparison.Ordinal);
        }
    }

    public static MatrixTheoryData<DataCaching, int, float> WrongNumbers => new([DataCaching.Memory, DataCaching.Stream], [0, 1], [-1, 1.5f, Words, -0.5f, 3e9f]);

    /// <summary>Rows that cannot be learned from for another reason are skipped as ever.</summary>
    [Fact]
    public void A_missing_word_costs_its_row()
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, entry) => warnings.AddRange(entry.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? [entry.RawMessage] : []);
        _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Layers = Networks.First().Data, NumberOfEpochs = 1 }).Fit(Numbers(float.NaN, isSparse: false));
        Assert.Contains("Skipped 1 of 60 rows", Assert.Single(warnings), StringComparison.Ordinal);
    }

    /// <summary>An embedding knows keys by their numbers, which stand for other values in each mapping that was fitted.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_that_stand_for_other_values_are_refused(bool areVectors)
    {
        string[] colors = ["red", "green", "blue"];
        var data = Colored(colors);
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Layers = [new EmbeddingLayer(4, 4), new DenseLayer(4)], NumberOfEpochs = 2 });
        var model = (DenseNeuralNetRegressionModelParameters)SavedModel.Reload(trainer.Fit(data), data.Schema).GetDenseNeuralNet();
        Assert.Equal(2, trainer.Fit(Colored(colors), model).Model.History!.EpochsBefore);
        Assert.NotNull(trainer.Fit(data, Colored(colors)).Model.History![^1].ValidationLoss);

        const string Message = "The keys of the feature column 'Features', which an embedding looks up, stand for [blue, red, green] (String) in the ";
        var error = Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(data, Colored(["blue", "red", "green"])));
        Assert.Contains($"{Message}validation data and for [red, green, blue] (String) in the training data. Map both with the MapValueToKey that was fitted first", error.Message, StringComparison.Ordinal);
        var other = trainer.Fit(Colored(["blue", "red", "green"]));
        Assert.Contains($"{Message}model to go on from", Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(data, other.Model)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "stand for [red, green, blue] (String), and stood for [blue, red, green] (String) when the model was trained",
            Assert.ThrowsAny<ArgumentException>(() => other.Transform(data)).Message, StringComparison.Ordinal);

        IDataView Colored(string[] order)
        {
            var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(row => new Colors { Color = colors[row % 3], All = [colors[row % 3], colors[row / 3 % 3]], Label = row % 3 }));
            var keyData = _mlContext.Data.LoadFromEnumerable(order.Select(color => new ColorKey { Color = color }));
            var keys = _mlContext.Transforms.Conversion.MapValueToKey("Features", areVectors ? nameof(Colors.All) : nameof(Colors.Color), keyData: keyData);
            return keys.Fit(rows).Transform(rows);
        }
    }

    private sealed class Colors
    {
        public string Color { get; init; } = "";

        [VectorType(2)]
        public string[] All { get; init; } = [];

        public float Label { get; init; }
    }

    private sealed class ColorKey
    {
        public string Color { get; init; } = "";
    }

    /// <summary>Sixty rows, and a value in the third slot of row 41.</summary>
    private static MadeDataView Numbers(float value, bool isSparse)
    {
        string[] names = ["first", "second", "third", .. Enumerable.Repeat("", Length - 3)];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, Length), (ref VBuffer<ReadOnlyMemory<char>> slots) => slots = new VBuffer<ReadOnlyMemory<char>>(Length, [.. names.Select(name => name.AsMemory())]));
        return new MadeDataView(60)
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, Length), Row, annotations.ToAnnotations())
            .Add("Label", NumberDataViewType.Single, row => (float)(row % 5));

        VBuffer<float> Row(long row)
        {
            var third = row == 40 ? value : row % 3;
            return isSparse ? new VBuffer<float>(Length, 2, [third, Words - 1], [2, 7]) : new VBuffer<float>(Length, [0, Words - 1, third, .. Enumerable.Repeat((float)(row % Words), Length - 3)]);
        }
    }

    private IDataView Texts(int count, int seed)
    {
        var random = new Random(seed);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            var words = Enumerable.Range(0, Length).Select(_ => (float)random.Next(Words)).ToArray();
            return new Text { Features = words, Label = words.Contains(3) };
        }).ToArray());
    }

    private sealed class Text
    {
        [VectorType(Length)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
