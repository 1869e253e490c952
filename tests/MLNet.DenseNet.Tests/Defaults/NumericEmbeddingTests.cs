using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>The option NumericEmbedding, and what is chosen where it is left open.</summary>
public sealed class NumericEmbeddingTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public NumericEmbeddingTests() => _data = _mlContext.Data.LoadFromEnumerable(Steps(600, seed: 1));

    /// <summary>Each of 200 products has a price of its own, which its number says nothing of.</summary>
    [Fact]
    public void A_code_is_told_value_by_value()
    {
        var random = new Random(1);
        double[] prices = [.. Enumerable.Range(0, 200).Select(_ => 4 * random.NextDouble())];
        var rows = Enumerable.Range(0, 3000).Select(_ => (Code: random.Next(200), Amount: random.NextSingle())).Select(row => new Purchase { Features = [7000 + row.Code, row.Amount], Label = (float)(prices[row.Code] + row.Amount + 0.1 * random.NextDouble()) }).ToArray();
        var transformer = _mlContext.Regression.Trainers.DenseNeuralNet(seed: 1).Fit(_mlContext.Data.LoadFromEnumerable(rows.Take(2500)));
        Assert.Contains("Numeric embedding 8, 199 bins, 2 columns", $"{transformer.Model.Network}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.Regression.Evaluate(transformer.Transform(_mlContext.Data.LoadFromEnumerable(rows.Skip(2500)))).RSquared, 0.9, 1);
    }

    /// <summary>Forty days in a single number, of which the hour counts.</summary>
    [Fact]
    public void Hours_are_told_by_a_time_in_seconds()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 5000).Select(_ => new Purchase { Features = [(float)(1.7e9 + 40 * 86_400 * random.NextDouble()), random.NextSingle()] }).ToArray();
        foreach (var row in rows)
            row.Label = (float)(Math.Sin(2 * Math.PI * row.Features[0] / 86_400) + row.Features[1] + 0.2 * random.NextDouble());
        var transformer = _mlContext.Regression.Trainers.DenseNeuralNet(seed: 1).Fit(_mlContext.Data.LoadFromEnumerable(rows.Take(4000)));
        Assert.Contains("Numeric embedding 8, 384 bins, 2 columns", $"{transformer.Model.Network}", StringComparison.Ordinal);
        Assert.InRange(_mlContext.Regression.Evaluate(transformer.Transform(_mlContext.Data.LoadFromEnumerable(rows.Skip(4000)))).RSquared, 0.6, 1);
    }

    [Fact]
    public void Numbers_are_embedded_where_nothing_is_set_and_where_asked_for()
    {
        // The second column has two values and only goes through.
        const string Embedding = "Numeric embedding 2, 128 bins, 1 columns, scales 6";
        Assert.StartsWith(Embedding, FirstLayer(_ => { }), StringComparison.Ordinal);
        Assert.Equal(Embedding, FirstLayer(o => (o.HiddenLayers, o.NumericEmbedding) = ([8], NumericEmbedding.On)));
        foreach (var change in (Action<DenseNeuralNetOptions>[])[o => o.HiddenLayers = [8], o => o.NumericEmbedding = NumericEmbedding.Off, o => o.Layers = [new DenseLayer(8)]])
            Assert.StartsWith("Dense", FirstLayer(change), StringComparison.Ordinal);
        Assert.Equal("Numeric embedding 2, 5 bins", FirstLayer(o => o.Layers = [new NumericEmbeddingLayer(2, 5), new DenseLayer(8)]));
    }

    [Fact]
    public void Steps_in_a_column_are_learned()
    {
        var test = _mlContext.Data.LoadFromEnumerable(Steps(600, seed: 2));
        Assert.InRange(RSquared(NumericEmbedding.Auto), 0.9, 1);
        Assert.InRange(RSquared(NumericEmbedding.Off), 0, 0.8);

        double RSquared(NumericEmbedding embedding) =>
            _mlContext.Regression.Evaluate(_mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { NumericEmbedding = embedding }).Fit(_data).Transform(test)).RSquared;
    }

    /// <summary>Some pieces that tell little are 0 in all networks of a classification, and in every second one of a regression.</summary>
    [Fact]
    public void Functions_are_held_back_by_their_total_variation()
    {
        var noise = new Random(1);
        var rows = Enumerable.Range(0, 400).Select(_ => new Purchase { Features = [noise.NextSingle(), noise.NextSingle()] }).ToArray();
        foreach (var row in rows)
            row.Label = row.Features[0] + 0.4 * noise.NextDouble() > 0.7 ? 1 : 0;
        var flags = _mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Boolean).Fit(_mlContext.Data.LoadFromEnumerable(rows)).Transform(_mlContext.Data.LoadFromEnumerable(rows));
        Assert.Equal([true, true, true, true], HaveNoughts(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options()).Fit(flags)));
        Assert.Equal([false, true, false, true], HaveNoughts(_mlContext.Regression.Trainers.DenseNeuralNet(Options()).Fit(_mlContext.Data.LoadFromEnumerable(rows))));
        // One that was given has its own decay.
        Assert.Equal([false], HaveNoughts(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Optimizer = new AdamW(), NumericEmbedding = NumericEmbedding.On, EnsembleSize = 1, Seed = 1 }).Fit(flags)));

        // An average of weights is hardly ever 0.
        static DenseNeuralNetOptions Options() => new() { AverageWeights = false, Seed = 1 };

        static bool[] HaveNoughts(ITransformer transformer) =>
            [.. transformer.GetDenseNeuralNet().Network.Members.ToArray().Select(member => member.Parameters.Single(parameter => parameter.ArePieces).ToArray().Contains(0))];
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Streamed_rows_give_the_same_model_and_a_saved_one_the_same_bits(string task)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(120));
        var scores = ((DataCaching[])[DataCaching.Memory, DataCaching.Stream]).Select(caching =>
        {
            var model = Tasks.Pipeline(_mlContext, task, o => (o.NumericEmbedding, o.DataCaching, o.Shuffle, o.EnsembleSize) = (NumericEmbedding.On, caching, false, 2)).Fit(data);
            var bits = Tasks.ScoreBits(model.Transform(data));
            Assert.Equal(bits, Tasks.ScoreBits(SavedModel.Reload(model, data.Schema).Transform(data)));
            return bits;
        }).ToArray();
        Assert.Equal(scores[0], scores[1]);
    }

    [Fact]
    public void Training_goes_on_with_the_bins_of_the_model()
    {
        var first = Trainer(NumericEmbedding.On).Fit(_data).Model;
        var others = _mlContext.Data.LoadFromEnumerable(Steps(50, seed: 3));
        var second = Trainer(NumericEmbedding.Auto).Fit(others, first).Model;
        Assert.Equal(first.Network.Layers[1].Parameters[0].ToArray(), second.Network.Layers[1].Parameters[0].ToArray());
        Assert.Contains("Numeric embedding", Assert.ThrowsAny<ArgumentException>(() => Trainer(NumericEmbedding.Off).Fit(others, first)).Message, StringComparison.Ordinal);

        DenseNeuralNetRegressionTrainer Trainer(NumericEmbedding embedding) =>
            _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [4], NumberOfEpochs = 2, NumericEmbedding = embedding });
    }

    [Fact]
    public void Hidden_layers_left_open_are_smaller_where_numbers_are_embedded_and_those_of_the_model_to_go_on_from()
    {
        Assert.Equal(["64", "32"], Units(Trainer(_ => { }).Fit(_data).Model));
        Assert.Equal(["128", "64"], Units(Trainer(o => o.NumericEmbedding = NumericEmbedding.Off).Fit(_data).Model));
        var given = Trainer(o => (o.HiddenLayers, o.NumericEmbedding) = ([9, 5], NumericEmbedding.On)).Fit(_data).Model;
        Assert.Equal(["9", "5"], Units(Trainer(_ => { }).Fit(_data, given).Model));
        var withoutEmbedding = Trainer(o => o.HiddenLayers = [9, 5]).Fit(_data).Model;
        Assert.Equal(["9", "5"], Units(Trainer(_ => { }).Fit(_data, withoutEmbedding).Model));
        Assert.Equal([], Units(Trainer(_ => { }).Fit(_data, Trainer(o => o.HiddenLayers = []).Fit(_data).Model).Model));
        Assert.Contains("[Standardization", Assert.ThrowsAny<ArgumentException>(() => Trainer(o => o.HiddenLayers = [8]).Fit(_data, withoutEmbedding)).Message, StringComparison.Ordinal);
        // One of the user's own embeds all columns without naming them.
        var own = Trainer(o => o.Layers = [new NumericEmbeddingLayer(2, 5), new DenseLayer(7, Activation.SiLU)]).Fit(_data).Model;
        Assert.Equal(["7"], Units(Trainer(_ => { }).Fit(_data, own).Model));

        DenseNeuralNetRegressionTrainer Trainer(Action<DenseNeuralNetOptions> change)
        {
            var options = new DenseNeuralNetOptions { NumberOfEpochs = 1 };
            change(options);
            return _mlContext.Regression.Trainers.DenseNeuralNet(options);
        }

        static string[] Units(DenseNeuralNetRegressionModelParameters model) => [.. model.Layers.Select(place => $"{place.Layer}").Where(text => text.StartsWith("Dense", StringComparison.Ordinal)).SkipLast(1).Select(text => text.Split(' ')[1])];
    }

    [Theory]
    [InlineData(799, 2)]
    [InlineData(800, 8)]
    public void More_rows_have_more_functions(int rows, int functions)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Steps(rows, seed: 1));
        // Each network of an ensemble leaves out some of its own, all together none.
        foreach (var options in (DenseNeuralNetOptions[])[new() { NumberOfEpochs = 1 }, new() { EnsembleSize = 2 }])
            Assert.Contains(((IDenseNeuralNetModel)_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(data).Model).Network.Members[0].Layers, place => $"{place.Layer}" == $"Numeric embedding {functions}, 128 bins, 1 columns, scales 6");
    }

    /// <summary>Many numbers have fewer functions each, and no table is left without: an image as a row of pixels has as many.</summary>
    [Theory]
    [InlineData(20, 300, 2, 19)]
    [InlineData(800, 256, 8, 128)]
    [InlineData(800, 300, 6, 128)]
    public void Many_numbers_have_fewer_functions_each(int count, int numbers, int functions, int bins)
    {
        var random = new Random(1);
        var schema = SchemaDefinition.Create(typeof(Wide));
        schema[nameof(Wide.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 301);
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(row => new Wide { Features = [.. Enumerable.Range(0, 301).Select(i => i < numbers ? random.NextSingle() : row % 2)], Label = row }).ToArray(), schema);
        foreach (var embedding in (NumericEmbedding[])[NumericEmbedding.Auto, NumericEmbedding.On])
        {
            var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { NumericEmbedding = embedding, NumberOfEpochs = 1 }).Fit(rows).Model;
            Assert.StartsWith($"Numeric embedding {functions}, {bins} bins, {numbers} columns, scales 6", $"{model.Layers[1].Layer}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Features_that_are_no_table_are_refused()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(i => new Wide { Features = new float[2049], Label = i }));
        foreach (var shape in (Engine.Shape?[])[null, new Engine.Shape(2049, 1)])
        {
            var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { NumericEmbedding = NumericEmbedding.On, InputShape = shape });
            Assert.Contains("The option NumericEmbedding is On; it must not be On where the feature column 'Features', of type Vector<Single, 2049>, is no table of up to 2048 columns", Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(rows)).Message, StringComparison.Ordinal);
        }
    }

    private string FirstLayer(Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { NumberOfEpochs = 1 };
        change(options);
        return $"{_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_data).Model.Layers[1].Layer}";
    }

    private static IEnumerable<Step> Steps(int count, int seed)
    {
        var random = new Random(seed);
        for (var row = 0; row < count; row++)
        {
            var (x, side) = (random.NextSingle(), random.Next(2));
            yield return new Step { Features = [x, side], Label = (int)(x * 12) % 2 + side };
        }
    }

    private sealed class Step
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Wide
    {
        [VectorType(2049)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class Purchase
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
