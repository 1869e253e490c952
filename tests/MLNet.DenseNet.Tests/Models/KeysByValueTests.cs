using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Keys are numbers whose meaning is another one in each mapping that was fitted.</summary>
public sealed class KeysByValueTests : IDisposable
{
    private static readonly string[] Kinds = ["low", "middle", "high"];

    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<Sample> _rows = Sample.Rows(300);
    private readonly IDataView _data;

    public KeysByValueTests() => _data = _mlContext.Data.LoadFromEnumerable(_rows);

    public static TheoryData<string> Types => ["text", "number", "bool", "date", "double", "duration", "offset", "byte"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Types))]
    public void A_validation_set_whose_keys_are_in_another_order_measures_the_same(string type)
    {
        var training = Keyed(type, [0, 1, 2]);
        var expected = Fit(training, Keyed(type, [0, 1, 2]));
        var actual = Fit(training, Keyed(type, [2, 0, 1]));
        Assert.Equal(expected.History!.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)), actual.History!.Select(epoch => (epoch.ValidationLoss, epoch.ValidationAccuracy)));
        Assert.True(expected.History![^1].ValidationAccuracy > 0.8);
    }

    /// <summary>A rare class may have no row in a validation set that was mapped by itself.</summary>
    [Fact]
    public void A_validation_set_may_lack_a_class_but_not_have_another()
    {
        var some = _mlContext.Data.LoadFromEnumerable(_rows.Where(row => row.Category != "middle").Reverse());
        var subset = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category)).Fit(some).Transform(some);
        Assert.True(Fit(Keyed("text", [0, 1, 2]), subset).History![^1].ValidationAccuracy > 0.8);

        var error = Assert.ThrowsAny<ArgumentException>(() => Fit(subset, Keyed("text", [1, 0, 2])));
        Assert.Contains("'Label'", error.Message, StringComparison.Ordinal);
        Assert.Contains("[middle, low, high]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[high, low]", error.Message.Replace("[low, high]", "[high, low]", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_another_type_are_other_values_and_long_lists_are_shortened()
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => Fit(Keyed("text", [0, 1, 2]), Keyed("number", [0, 1, 2])));
        Assert.Contains("(String)", error.Message, StringComparison.Ordinal);
        Assert.Contains("(Single)", error.Message, StringComparison.Ordinal);

        var many = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(i => new Sample { Features = new float[4], Category = new string('x', 100) + i }));
        error = Assert.ThrowsAny<ArgumentException>(
            () => Fit(Keyed("text", [0, 1, 2]), _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category)).Fit(many).Transform(many)));
        Assert.Contains("... 50 in all", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 1500);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_model_goes_on_with_keys_in_another_order_as_if_they_were_in_its_own(string type)
    {
        var first = Reload(Trainer().Fit(Keyed(type, [0, 1, 2])), Keyed(type, [0, 1, 2]).Schema);
        var kept = Trainer(learningRate: 1e-30f).Fit(Keyed(type, [2, 0, 1]), first);
        var scored = kept.Transform(Keyed(type, [2, 0, 1]));
        Assert.Equal(_mlContext.MulticlassClassification.Evaluate(Trainer().Fit(Keyed(type, [0, 1, 2])).Transform(Keyed(type, [0, 1, 2]))).LogLoss, _mlContext.MulticlassClassification.Evaluate(scored).LogLoss, 1e-9);

        var better = Trainer().Fit(Keyed(type, [2, 0, 1]), first);
        var sameOrder = Trainer().Fit(Keyed(type, [0, 1, 2]), first);
        Assert.Equal(sameOrder.Model.History![^1].Loss, better.Model.History![^1].Loss, 1e-4);
    }

    /// <summary>What stands in each slot of the score and in the predicted label is what their names say.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Predicted_labels_and_score_slots_of_a_model_that_went_on_are_named_right(int networks)
    {
        var first = Trainer(networks: networks).Fit(Keyed("text", [0, 1, 2]));
        var data = Keyed("text", [2, 0, 1]);
        var model = Trainer(learningRate: 1e-30f, networks: networks).Fit(data, first.Model);
        var predicted = _mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(data)).Transform(model.Transform(data));
        var labels = predicted.GetColumn<ReadOnlyMemory<char>>("PredictedLabel").Select(label => label.ToString()).ToArray();
        Assert.True(labels.Zip(_rows).Count(pair => pair.First == pair.Second.Category) > 240);

        var names = default(VBuffer<ReadOnlyMemory<char>>);
        predicted.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(["high", "low", "middle"], names.DenseValues().Select(name => name.ToString()));
        Assert.Equal(labels, predicted.GetColumn<float[]>("Score").Select(scores => names.GetItemOrDefault(Array.IndexOf(scores, scores.Max())).ToString()));
        Assert.Equal(
            first.Transform(Keyed("text", [0, 1, 2])).GetColumn<float[]>("Score").Select(scores => scores[2]), predicted.GetColumn<float[]>("Score").Select(scores => scores[0]));
    }

    [Fact]
    public void A_model_of_other_classes_is_refused_with_both_lists()
    {
        var first = Trainer().Fit(Keyed("text", [0, 1, 2])).Model;
        var others = _mlContext.Data.LoadFromEnumerable(_rows.Select(row => new Sample { Features = row.Features, Category = row.Category == "low" ? "deep" : row.Category }));
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer().Fit(Keys(nameof(Sample.Category), ["high", "middle", "deep"]).Fit(others).Transform(others), first));
        Assert.Contains("[low, middle, high]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[high, middle, deep]", error.Message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey", error.Message, StringComparison.Ordinal);

        error = Assert.ThrowsAny<ArgumentException>(() => Trainer().Fit(Keys(nameof(Sample.Category), ["high", "middle"]).Fit(_data).Transform(_data), first));
        Assert.Contains("[high, middle]", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Values that were written by hand may stand there twice; an output of the model has one class.</summary>
    [Fact]
    public void A_model_is_refused_where_two_keys_stand_for_one_of_its_classes()
    {
        var model = Trainer().Fit(Keyed("text", [0, 1, 2])).Model;
        var columns = SchemaDefinition.Create(typeof(KeyRow));
        var values = new VBuffer<ReadOnlyMemory<char>>(3, ["low".AsMemory(), "low".AsMemory(), "high".AsMemory()]);
        columns[nameof(KeyRow.Label)].AddAnnotation("KeyValues", values, new VectorDataViewType(TextDataViewType.Instance, 3));
        var twice = _mlContext.Data.LoadFromEnumerable(_rows.Select(row => new KeyRow { Features = row.Features, Label = (uint)Array.IndexOf(Kinds, row.Category) }), columns);
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer().Fit(twice, model));
        Assert.Contains("[low, low, high]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[low, middle, high]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_without_values_are_compared_by_their_number()
    {
        var unnamed = _mlContext.Data.LoadFromEnumerable(_rows.Select(row => new KeyRow { Features = row.Features, Label = (uint)Array.IndexOf(Kinds, row.Category) }));
        var model = Trainer().Fit(Keyed("text", [0, 1, 2])).Model;
        Assert.Equal(3, Trainer().Fit(unnamed, model).Model.Layers[^1].OutputShape.Size);
        Assert.InRange(Fit(unnamed, Keyed("text", [0, 1, 2])).History![^1].ValidationAccuracy!.Value, 0.8, 1);
    }

    /// <summary>In each fold a pipeline maps its keys anew.</summary>
    [Fact]
    public void A_cross_validation_goes_on_from_a_model_whatever_the_order_of_each_folds_keys()
    {
        var first = Trainer().Fit(Keyed("text", [0, 1, 2])).Model;
        foreach (var ordinality in Enum.GetValues<Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality>())
        {
            var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category), keyOrdinality: ordinality);
            foreach (var fold in _mlContext.Data.CrossValidationSplit(_data, 3))
            {
                var mapped = keys.Fit(fold.TrainSet);
                var model = Trainer(learningRate: 1e-30f).Fit(mapped.Transform(fold.TrainSet), first);
                Assert.True(_mlContext.MulticlassClassification.Evaluate(model.Transform(mapped.Transform(fold.TestSet))).MicroAccuracy > 0.8);
            }
        }
    }

    [Fact]
    public void A_model_of_an_older_version_loads_and_is_compared_by_numbers_of_classes()
    {
        var path = Path.Combine(ReadmeTests.Root, "tests", "MLNet.DenseNet.Tests", "SavedModels", "history-version-3.model");
        var transformer = _mlContext.Model.Load(path, out _);
        var old = (DenseNeuralNetMulticlassModelParameters)transformer.GetDenseNeuralNet();
        Assert.Equal((20, 0, 5), (old.History!.Count, old.History.EpochsBefore, old.History.Settings.Seed));
        var data = _mlContext.Data.LoadFromEnumerable<NamedPoint>([new() { Features = [-0.50266284f, -0.77851206f], Kind = "low" }, new() { Features = [-0.06597865f, 0.54320824f], Kind = "high" }]);
        Assert.Equal([0.29632172f, 0.13542363f, 0.5682546f], transformer.Transform(data).GetColumn<float[]>("Score").First());

        var options = new DenseNeuralNetOptions { HiddenLayers = [4], EnsembleSize = 1, NumberOfEpochs = 1, Seed = 5 };
        var mapped = Keys(nameof(NamedPoint.Kind), Kinds).Fit(data).Transform(data);
        Assert.Equal(20, _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options).Fit(mapped, old).Model.History!.EpochsBefore);
    }

    [Fact]
    public void What_classes_stand_for_is_checked_when_it_is_loaded()
    {
        var path = Path.Combine(_folder, "model.zip");
        var data = Keyed("text", [0, 1, 2]);
        _mlContext.Model.Save(Trainer().Fit(data), data.Schema, path);
        var (name, whole) = Meanings();
        for (var position = 0; position < whole.Length; position += 3)
        {
            var changed = whole.ToArray();
            changed[position] ^= 0x81;
            Replace(changed);
            var error = Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(path, out _));
            Assert.Contains("The meanings of columns in the saved model are ", error.ToString(), StringComparison.Ordinal);
        }

        Replace(whole[..^9]);
        Assert.Contains("in the saved model are damaged", Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(path, out _)).ToString(), StringComparison.Ordinal);
        Replace(whole);
        _mlContext.Model.Load(path, out _);

        (string Name, byte[] Bytes) Meanings()
        {
            using var zip = ZipFile.OpenRead(path);
            var entry = zip.Entries.Single(e => e.Name == "ColumnMeanings");
            using var stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return (entry.FullName, memory.ToArray());
        }

        void Replace(byte[] bytes)
        {
            using var zip = ZipFile.Open(path, ZipArchiveMode.Update);
            zip.GetEntry(name)!.Delete();
            using var stream = zip.CreateEntry(name).Open();
            stream.Write(bytes);
        }
    }

    /// <summary>Times are equal whatever their kind and offset, which a saved mapping does not keep.</summary>
    [Theory]
    [InlineData(DateTimeKind.Utc)]
    [InlineData(DateTimeKind.Local)]
    [InlineData(DateTimeKind.Unspecified)]
    public void A_model_goes_on_with_its_own_mapping_of_times_after_both_were_saved(DateTimeKind kind)
    {
        var rows = _mlContext.Data.LoadFromEnumerable(_rows.Select(row => new TimedRow { Features = row.Features, Time = new DateTime(2026, 1, 1 + Array.IndexOf(Kinds, row.Category), 0, 0, 0, kind) }));
        var model = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(TimedRow.Time)).Append(Trainer()).Fit(rows);
        var loaded = (TransformerChain<ITransformer>)SavedModel.Reload(model, rows.Schema);
        var mapped = loaded.First().Transform(rows);
        var went = Trainer().Fit(mapped, (DenseNeuralNetMulticlassModelParameters)loaded.GetDenseNeuralNet());
        Assert.Equal(40, went.Model.History!.EpochsBefore);
    }

    [Fact]
    public void The_same_instants_at_other_offsets_are_the_same_classes()
    {
        var times = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var model = Trainer().Fit(Offsets(TimeSpan.Zero)).Model;
        Assert.Equal(40, Trainer().Fit(Offsets(TimeSpan.FromHours(2)), model).Model.History!.EpochsBefore);

        IDataView Offsets(TimeSpan offset)
        {
            var rows = _mlContext.Data.LoadFromEnumerable(_rows.Select(row => new InstantRow { Features = row.Features, Time = times.AddDays(Array.IndexOf(Kinds, row.Category)).ToOffset(offset) }));
            return _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(InstantRow.Time)).Fit(rows).Transform(rows);
        }
    }

    /// <summary>Earlier versions kept the kind and the offset.</summary>
    [Fact]
    public void Times_of_earlier_versions_are_read_without_kind_and_offset()
    {
        Assert.Equal(["2026-01-01T00:00:00.0000000", "2026-01-01T00:00:00.0000000"], Columns.KeyValues.Saved("DateTime", ["2026-01-01T00:00:00.0000000Z", "2026-01-01T00:00:00.0000000"]).Values);
        var type = DateTimeOffsetDataViewType.Instance.ToString()!;
        Assert.Equal(["2025-12-31T22:00:00.0000000", "2025-12-31T22:00:00.0000000", "no time that there is, however long"], Columns.KeyValues.Saved(type, ["2026-01-01T00:00:00.0000000+02:00", "2025-12-31T22:00:00.0000000", "no time that there is, however long"]).Values);
    }

    private DenseNeuralNetMulticlassModelParameters Fit(IDataView training, IDataView validation) => Trainer().Fit(training, validation).Model;

    private DenseNeuralNetMulticlassTrainer Trainer(float learningRate = 0.01f, int networks = 1) => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
    {
        HiddenLayers = [8],
        LearningRate = learningRate,
        EnsembleSize = networks,
        NumberOfEpochs = 40,
        Shuffle = false,
        Seed = 1,
    });

    private static DenseNeuralNetMulticlassModelParameters Reload(ITransformer transformer, DataViewSchema schema) =>
        (DenseNeuralNetMulticlassModelParameters)SavedModel.Reload(transformer, schema).GetDenseNeuralNet();

    /// <summary>The rows with keys of values of a type, in an order.</summary>
    private IDataView Keyed(string type, int[] order) => type switch
    {
        "text" => Keyed(Kinds, order),
        "number" => Keyed([0.1f, -1e30f, 3], order),
        // Of two values: "high" is "low" too.
        "bool" => Keyed([false, true], [.. order.Where(i => i < 2)]),
        "date" => Keyed([new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc), new DateTime(2020, 1, 2, 3, 4, 6, DateTimeKind.Utc), new DateTime(1, DateTimeKind.Utc)], order),
        "double" => Keyed([1.0, double.NegativeInfinity, double.BitIncrement(1.0)], order),
        "duration" => Keyed([TimeSpan.FromTicks(1), TimeSpan.FromTicks(2), TimeSpan.Zero], order),
        "offset" => Keyed([DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddTicks(1), DateTimeOffset.UnixEpoch.AddHours(1)], order),
        _ => Keyed<byte>([7, 0, 255], order),
    };

    private IDataView Keyed<T>(T[] values, int[] order)
    {
        var rows = _mlContext.Data.LoadFromEnumerable(_rows.Select(row => new Valued<T> { Features = row.Features, Value = values[Array.IndexOf(Kinds, row.Category) % values.Length] }));
        return Keys("Value", [.. order.Select(i => values[i])]).Fit(rows).Transform(rows);
    }

    private Microsoft.ML.Transforms.ValueToKeyMappingEstimator Keys<T>(string column, T[] values) => _mlContext.Transforms.Conversion.MapValueToKey(
        "Label", column, keyData: _mlContext.Data.LoadFromEnumerable(values.Select(value => new Value<T> { Key = value })));

    private sealed class Value<T>
    {
        public T Key { get; set; } = default!;
    }

    private sealed class Valued<T>
    {
        [VectorType(Sample.FeatureCount)]
        public float[] Features { get; set; } = [];

        public T Value { get; set; } = default!;
    }

    private sealed class KeyRow
    {
        [VectorType(Sample.FeatureCount)]
        public float[] Features { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class NamedPoint
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Kind { get; set; } = "";
    }

    private sealed class TimedRow
    {
        [VectorType(4)]
        public float[] Features { get; init; } = [];

        public DateTime Time { get; init; }
    }

    private sealed class InstantRow
    {
        [VectorType(4)]
        public float[] Features { get; init; } = [];

        public DateTimeOffset Time { get; init; }
    }
}
