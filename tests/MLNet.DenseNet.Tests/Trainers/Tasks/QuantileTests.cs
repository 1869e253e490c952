using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet.Tests;

/// <summary>Several quantiles of a label at once, of made rows whose spread differs from row to row.</summary>
public class QuantileTests
{
    private static readonly float[] Quantiles = [0.05f, 0.25f, 0.5f, 0.75f, 0.95f];

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Quantiles_hold_their_shares_and_are_as_near_as_those_learned_one_by_one()
    {
        var (training, test) = (Made(5000, seed: 1), Made(10_000, seed: 2));
        var rows = _mlContext.Data.LoadFromEnumerable(test);
        var model = _mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new MultiQuantileLoss(Quantiles), Seed = 1 }).Fit(_mlContext.Data.LoadFromEnumerable(training));
        var scored = model.Transform(rows);
        var together = scored.GetColumn<float[]>("Score").ToArray();
        Assert.Equal(["0.05", "0.25", "0.5", "0.75", "0.95"], SlotNames(scored));
        Assert.All(together, row => Assert.Equal(row.Order(), row));

        var (sumTogether, sumApart) = (0.0, 0.0);
        for (var i = 0; i < Quantiles.Length; i++)
        {
            var alone = _mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new QuantileLoss(Quantiles[i]), Seed = 1 })
                .Fit(_mlContext.Data.LoadFromEnumerable(training)).Transform(rows).GetColumn<float>("Score").ToArray();
            float[] ofOutput = [.. together.Select(row => row[i])];
            // Labels are densest at their lower end: a hundredth of their spread is 5 % of them there.
            Assert.Equal(Quantiles[i], Coverage(test, ofOutput), 0.04);
            sumTogether += Pinball(test, ofOutput, Quantiles[i]);
            sumApart += Pinball(test, alone, Quantiles[i]);
        }

        // Of the true quantiles, which nobody predicts better.
        var best = Quantiles.Sum(quantile => Pinball(test, [.. test.Select(row => row.Quantile(quantile))], quantile));
        Assert.InRange(sumTogether / best, 1, 1.03);
        Assert.InRange(sumTogether / sumApart, 0.95, 1.005);

        // The interval is narrow where the spread is small.
        var (sure, unsure) = (Widths(row => Math.Abs(row.Features[1]) < 0.2), Widths(row => Math.Abs(row.Features[1]) > 0.8));
        Assert.InRange(unsure / sure, 3, 8);

        double Widths(Func<Row, bool> which) => together.Where((_, i) => which(test[i])).Average(row => row[^1] - row[0]);
    }

    /// <summary>After one epoch with far too many quantiles, outputs are in no order yet.</summary>
    [Fact]
    public void Quantiles_never_cross()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Made(300, seed: 1));
        var model = Trainer(options => options.Loss = new MultiQuantileLoss([.. Enumerable.Range(1, 30).Select(i => i / 31f)])).Fit(data);
        var outputs = ((IDenseNeuralNetModel)model.Model).Network.Predict([.. Made(300, seed: 1).SelectMany(row => row.Features)]).Chunk(30).ToArray();
        Assert.Contains(outputs, row => !row.Order().SequenceEqual(row));
        Assert.Equal(outputs.Select(row => row.Order().ToArray()), model.Transform(data).GetColumn<float[]>("Score"));
    }

    [Fact]
    public void Model_is_saved_with_its_quantiles()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Made(200, seed: 1));
        var model = Trainer().Fit(data);
        Assert.Equal([0.05f, 0.5f, 0.95f], model.Model.Quantiles);
        var loaded = (DenseNeuralNetQuantileRegressionTransformer)SavedModel.Reload(model, data.Schema);
        Assert.Equal(model.Model.Quantiles, loaded.Model.Quantiles);
        Assert.Equal(["0.05", "0.5", "0.95"], SlotNames(loaded.Transform(data)));
        Assert.Equal(Tasks.ScoreBits(model.Transform(data)), Tasks.ScoreBits(loaded.Transform(data)));

        using var engine = _mlContext.Model.CreatePredictionEngine<Row, Scored>(loaded);
        var row = Made(1, seed: 1)[0];
        Assert.Equal(model.Transform(data).GetColumn<float[]>("Score").First(), engine.Predict(row).Score);
        var onward = Trainer().Fit(data, loaded.Model);
        Assert.True(onward.Model.History![^1].Loss < model.Model.History![^1].Loss);
    }

    [Fact]
    public void Damaged_quantiles_are_refused()
    {
        var bytes = Written([0.1f, 0.5f, 0.9f]);
        Assert.Equal([0.1f, 0.5f, 0.9f], Read(bytes));
        for (var place = 0; place < bytes.Length; place++)
            Assert.Throws<FormatException>(() => Read([.. bytes.Select((value, i) => i == place ? (byte)(value ^ 1) : value)]));
        var error = Assert.Throws<FormatException>(() => Read(Written([0.1f, 0.5f, 0.4f])));
        Assert.StartsWith("The quantiles in the saved model are damaged: that of output 2 is 0.4", error.Message, StringComparison.Ordinal);

        static byte[] Written(float[] quantiles)
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            ProbabilitiesFormat.Quantiles.Write(quantiles, writer);
            return stream.ToArray();
        }

        static float[] Read(byte[] bytes)
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return ProbabilitiesFormat.Quantiles.Read(reader, outputs: 3);
        }
    }

    [Fact]
    public void Streamed_rows_give_the_same_model()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Made(300, seed: 1));
        var (memory, stream) = (Scores(DataCaching.Memory), Scores(DataCaching.Stream));
        Assert.Equal(memory, stream);

        List<string> Scores(DataCaching caching) => Tasks.ScoreBits(Trainer(options => (options.DataCaching, options.Shuffle) = (caching, false)).Fit(data).Transform(data));
    }

    [Fact]
    public void Losses_and_trainers_that_do_not_fit_are_refused()
    {
        var several = new DenseNeuralNetOptions { Loss = new MultiQuantileLoss(0.1f, 0.9f) };
        Action[] ways =
        [
            () => _mlContext.Regression.Trainers.DenseNeuralNet(several), () => _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(several),
            () => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(several), () => _mlContext.Ranking.Trainers.DenseNeuralNet(several),
        ];
        Assert.All(ways, way => Assert.StartsWith(
            "The option Loss is quantile loss, quantiles 0.1, 0.9; it must be one of a single quantile here: several are learned of one number, by mlContext.Regression.Trainers.DenseNeuralNetQuantile",
            Assert.Throws<ArgumentOutOfRangeException>(way).Message, StringComparison.Ordinal));
        Assert.StartsWith(
            "The option Loss is quantile loss, quantile 0.1; it must be a MultiQuantileLoss here",
            Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.Trainers.DenseNeuralNetQuantile(new DenseNeuralNetOptions { Loss = new QuantileLoss(0.1f) })).Message, StringComparison.Ordinal);
    }

    /// <summary>The call that learns several quantiles is right; its label is not.</summary>
    [Theory]
    [InlineData("Flag", "Boolean")]
    [InlineData("Kind", "Key<UInt32>")]
    [InlineData("Several", "Vector<Single>")]
    [InlineData("Exact", "Double")]
    public void Labels_that_have_no_quantiles_are_named(string label, string type)
    {
        var data = _mlContext.Data.LoadFromEnumerable((Other[])[new(), new() { Flag = true, Kind = 2 }]);
        var estimator = _mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = label, Loss = new MultiQuantileLoss(0.1f, 0.9f) });
        Assert.StartsWith(
            $"The option Loss is quantile loss, quantiles 0.1, 0.9; it must be another one here: several quantiles need a label of type Single, and the label column '{label}' is {type}",
            Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message, StringComparison.Ordinal);
    }

    /// <summary>A quantile is off the mean on purpose.</summary>
    [Fact]
    public void Quantiles_are_not_judged_by_their_distance_from_the_mean() =>
        Assert.All(Trainer().Fit(_mlContext.Data.LoadFromEnumerable(Made(100, seed: 1))).Model.History!, epoch => Assert.Null(epoch.RSquared));

    private DenseNeuralNetQuantileRegressionTrainer Trainer(Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [8], NumberOfEpochs = 2, Seed = 1 };
        change?.Invoke(options);
        return _mlContext.Regression.Trainers.DenseNeuralNetQuantile(options);
    }

    private static double Pinball(Row[] rows, float[] scores, float quantile) => rows.Zip(scores, (row, score) => row.Label > score ? quantile * (row.Label - score) : (1.0 - quantile) * (score - row.Label)).Average();

    /// <summary>The share of labels that are not above what is predicted.</summary>
    private static double Coverage(Row[] rows, float[] scores) => rows.Zip(scores, (row, score) => row.Label <= score ? 1.0 : 0).Average();

    private static string[] SlotNames(IDataView scored)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }

    /// <summary>A wave with exponentially distributed deviations, larger the farther the second feature is from 0.</summary>
    private static Row[] Made(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var row = new Row { Features = [Uniform(), Uniform(), Uniform()] };
            row.Label = row.Quantile(random.NextDouble());
            return row;
        })];

        float Uniform() => random.NextSingle() * 2 - 1;
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Quantile(double share) => (float)(Math.Sin(3 * Features[0]) - (0.1 + Math.Abs(Features[1])) * Math.Log(1 - share));
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class Other
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        public bool Flag { get; set; }

        [KeyType(3)]
        public uint Kind { get; set; } = 1;

        [VectorType(2)]
        public float[] Several { get; set; } = [1, 2];

        public double Exact { get; set; } = 1;
    }
}
