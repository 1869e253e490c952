using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

public class TrainingTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Every_epoch_is_reported_to_the_callback_and_the_log()
    {
        var epochs = new List<EpochSummary>();
        var log = new List<string>();
        _mlContext.Log += (_, e) => log.Add(e.RawMessage);
        Fit(o => (o.NumberOfEpochs, o.EpochCompleted) = (4, epochs.Add));

        Assert.Equal([1, 2, 3, 4], epochs.Select(e => e.Epoch));
        Assert.All(epochs, e => Assert.Equal(4, e.NumberOfEpochs));
        Assert.All(epochs, e => Assert.InRange(e.Accuracy!.Value, 0, 1));
        Assert.True(epochs[^1].Loss < epochs[0].Loss);
        Assert.Equal(4, log.Count(m => m.StartsWith("Epoch ", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_exception_of_the_callback_surfaces_unchanged()
    {
        var thrown = new TimeZoneNotFoundException();
        Assert.Same(thrown, Assert.Throws<TimeZoneNotFoundException>(() => Fit(o => o.EpochCompleted = _ => throw thrown)));
    }

    [Fact]
    public void A_validation_set_is_measured_and_never_learned_from()
    {
        var train = _mlContext.Data.LoadFromEnumerable(Sample.Rows(100));
        var validation = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50, seed: 5));
        var epochs = new List<EpochSummary>();
        var options = new DenseNeuralNetOptions { LabelColumnName = "Flag", HiddenLayers = [8], NumberOfEpochs = 3, Seed = 1, EpochCompleted = epochs.Add };
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options);

        var with = Tasks.ScoreBits(trainer.Fit(train, validation).Transform(train));
        Assert.All(epochs, e => Assert.True(e.ValidationLoss > 0 && e.ValidationAccuracy > 0));
        Assert.Equal(Tasks.ScoreBits(trainer.Fit(train).Transform(train)), with);
        Assert.Null(epochs[^1].ValidationLoss);
    }

    [Fact]
    public void A_validation_set_is_named_in_errors_and_may_have_a_single_class()
    {
        var rows = Sample.Rows(40);
        var train = _mlContext.Data.LoadFromEnumerable(rows);
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet("Flag", hiddenLayers: [4], numberOfEpochs: 1, seed: 1);
        trainer.Fit(train, _mlContext.Data.LoadFromEnumerable(rows.Where(r => r.Flag)));

        var empty = Assert.Throws<InvalidOperationException>(() => trainer.Fit(train, _mlContext.Data.LoadFromEnumerable(new List<Sample>())));
        Assert.Contains("The validation data has no rows", empty.Message, StringComparison.Ordinal);

        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category));
        var (three, two) = (_mlContext.Data.LoadFromEnumerable(rows), _mlContext.Data.LoadFromEnumerable(rows.Where(r => r.Category != "low")));
        var multiclass = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(hiddenLayers: [4], numberOfEpochs: 1, seed: 1);
        var mismatch = Assert.ThrowsAny<ArgumentException>(() => multiclass.Fit(keys.Fit(two).Transform(two), keys.Fit(three).Transform(three)));
        Assert.Contains("label column 'Label'", mismatch.Message, StringComparison.Ordinal);
        var unnamed = _mlContext.Transforms.Conversion.Hash("Label", nameof(Sample.Category), numberOfBits: 2);
        var sizes = Assert.Throws<ArgumentOutOfRangeException>(() => multiclass.Fit(unnamed.Fit(three).Transform(three), keys.Fit(two).Transform(two)));
        Assert.Contains("label column 'Label': expected Key<UInt32, 0-3>, got Key<UInt32, 0-1>", sizes.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// To the bit where arithmetic allows: all features a power of two, so that products with them are exact, and the row the first, so that
    /// its two halves are added to nothing before they are added to the others.
    /// </summary>
    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void A_weight_of_two_counts_as_the_row_twice_to_the_bit(string task)
    {
        var rows = Sample.Rows(12);
        foreach (var row in rows)
            row.Features = [.. row.Features.Select(x => MathF.CopySign(MathF.Abs(x) < 0.5f ? 0.5f : 1, x))];
        rows[0].Weight = 2;
        Assert.Equal(
            Tasks.ScoreBits(FullBatch(task, [rows[0], .. rows], weight: null, hiddenLayers: [], FeatureNormalization.Off)).Skip(1),
            Tasks.ScoreBits(FullBatch(task, rows, nameof(Sample.Weight), hiddenLayers: [], FeatureNormalization.Off)));
    }

    [Fact]
    public void A_weight_of_two_counts_as_the_row_twice_with_hidden_layers_too()
    {
        var rows = Sample.Rows(10);
        rows[3].Weight = 2;
        var weighted = FullBatch(Tasks.Regression, rows, nameof(Sample.Weight), [4]).GetColumn<float>("Score").ToArray();
        var repeated = FullBatch(Tasks.Regression, [.. rows, rows[3]], weight: null, [4]).GetColumn<float>("Score").ToArray();
        for (var i = 0; i < weighted.Length; i++)
            Assert.Equal(repeated[i], weighted[i], 1e-5);
    }

    [Fact]
    public void Trainers_say_what_they_need_and_take()
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet();
        Assert.False(trainer.Info.NeedNormalization);
        Assert.True(trainer.Info.WantCaching);
        // Known inside ML.NET only.
        Assert.Equal(true, typeof(TrainerInfo).GetProperty("SupportsValidation", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(trainer.Info));
    }

    [Fact]
    public void Sparse_and_dense_features_give_the_same_model()
    {
        var words = new[] { "red small", "red large", "blue small", "blue", "large", "red" }
            .Select((text, i) => new { Text = text, Label = i % 2 == 0 }).ToArray();
        var data = _mlContext.Data.LoadFromEnumerable(words);
        var sparse = _mlContext.Transforms.Text.ProduceWordBags("Features", "Text").Fit(data).Transform(data);
        Assert.Contains(sparse.GetColumn<VBuffer<float>>("Features"), v => !v.IsDense);

        var dense = _mlContext.Data.LoadFromEnumerable(
            sparse.GetColumn<float[]>("Features").Zip(words, (f, w) => new DenseRow { Features = f, Label = w.Label }),
            SchemaDefinition.Create(typeof(DenseRow)).WithVectorSize("Features", sparse.GetColumn<float[]>("Features").First().Length));
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(hiddenLayers: [4], numberOfEpochs: 5, seed: 1);
        Assert.Equal(Tasks.ScoreBits(trainer.Fit(dense).Transform(dense)), Tasks.ScoreBits(trainer.Fit(sparse).Transform(sparse)));
    }

    private void Fit(Action<DenseNeuralNetOptions> change) =>
        Tasks.Pipeline(_mlContext, Tasks.Multiclass, change).Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(50)));

    private IDataView FullBatch(string task, List<Sample> rows, string? weight, IReadOnlyList<int> hiddenLayers, FeatureNormalization normalization = FeatureNormalization.Auto)
    {
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        return Tasks.Pipeline(_mlContext, task, options =>
        {
            options.ExampleWeightColumnName = weight;
            options.HiddenLayers = hiddenLayers;
            options.Optimizer = new StochasticGradientDescent();
            options.BatchSize = TrainingOptions.FullBatch;
            options.Shuffle = false;
            options.NormalizeFeatures = normalization;
        }).Fit(data).Transform(data);
    }

    private sealed class DenseRow
    {
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}

internal static class SchemaDefinitionExtensions
{
    /// <summary>Gives a vector column a size that is known only when running.</summary>
    public static SchemaDefinition WithVectorSize(this SchemaDefinition schema, string column, int size)
    {
        schema[column].ColumnType = new VectorDataViewType(NumberDataViewType.Single, size);
        return schema;
    }
}
