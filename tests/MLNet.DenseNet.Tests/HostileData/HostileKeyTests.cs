using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>Keys as features from data views that lie, break or are odd: without effect, or an error that names the column or what failed.</summary>
public class HostileKeyTests
{
    private const int Rows = 40;
    private const int Slots = 3;
    private const int Count = 4;

    private static readonly KeyDataViewType Key = new(typeof(uint), Count);

    private static readonly VectorDataViewType Keys = new(Key, Slots);

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Each oddity makes a data view; after it what the error says, or null where the model is that of honest rows.</summary>
    private static readonly Dictionary<string, (Func<MadeDataView> Make, string? Error)> Cases = new()
    {
        ["is always at the same row"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, Values(row)), position: _ => 0), null),
        ["gives keys in arrays that are too long"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, [.. Values(row), 99, uint.MaxValue])), null),
        ["gives sparse keys"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, Slots, Values(row), [0, 1, 2])), null),
        ["leaves missing keys out"] = (() => Data(Keys, Sparse), null),
        ["writes into the arrays that it gave before"] = (() =>
        {
            var values = new uint[Slots];
            return Data(Keys, row =>
            {
                Values(row).CopyTo(values, 0);
                return new VBuffer<uint>(Slots, values);
            });
        }, null),
        ["has names of slots that are too few"] = (() => Named(("SlotNames", 2, 2)), null),
        ["has names of slots that are too many"] = (() => Named(("SlotNames", 9, 9)), null),
        ["has fewer names of slots than it says"] = (() => Named(("SlotNames", Slots, 1)), null),
        ["has names of keys that are too few"] = (() => Named(("KeyValues", 2, 2)), null),
        ["has names of keys that are too many"] = (() => Named(("KeyValues", 9, 9)), null),
        ["has fewer names of keys than it says"] = (() => Named(("KeyValues", Count, 1)), null),
        ["has fewer names of slots than it says, and names of keys"] = (() => Named(("SlotNames", Slots, 1), ("KeyValues", Count, Count)), null),
        ["has more names of keys than it says"] = (() => Named(("KeyValues", Count, 9)), null),
        ["has keys without a value"] = (() => Data(Keys, _ => default(VBuffer<uint>)), "'Features'"),
        ["has keys of another number"] = (() => Data(Keys, row => new VBuffer<uint>(row == 7 ? 2 : Slots, Values(row))), "Row 8 has a vector of 2 values in the column 'Features'"),
        ["has indices beyond the vector"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, 1, [1u], [row == 7 ? Slots : 0])), "Row 8 has a sparse vector of length 3 in the column 'Features' with the index 3"),
        ["has indices before the vector"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, 1, [1u], [row == 7 ? int.MinValue : 0])), "Row 8 has a sparse vector of length 3 in the column 'Features' with the index -2147483648"),
        ["has one index twice"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, 2, [1u, 2], [0, row == 7 ? 0 : 1])), "with the index 0 after 0"),
        ["has a key beyond its type"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, [1, 0, row == 7 ? Count + 1u : 4])), "Row 8 has the key 5 in slot 2 of the column 'Features'"),
        ["has the largest number as a key"] = (() => Data(Keys, row => new VBuffer<uint>(Slots, [1, 0, row == 7 ? uint.MaxValue : 4])), "Row 8 has the key 4294967295 in slot 2 of the column 'Features'"),
        ["has keys of unknown number"] = (() => Data(new VectorDataViewType(Key), row => new VBuffer<uint>(Slots, Values(row))), "'Features'"),
        ["has one key that is no vector"] = (() => Data(Key, row => row == 7 ? 1u << 31 : (uint)(row % 5)), "Row 8 has the key 2147483648 in the column 'Features', whose type, Key<UInt32, 0-3>, has 4"),
        ["has no getter for what its schema says"] = (() => Data(Keys, _ => default(VBuffer<ulong>)), "Features"),
        ["has no getter for the one key of its schema"] = (() => Data(Key, _ => 1.0), "Features"),
        ["breaks in a getter"] = (() => Data(Keys, row => row == 9 ? throw new FormatException("no keys") : new VBuffer<uint>(Slots, Values(row))), "Reading the training data failed after 9 rows: no keys"),
    };

    public static TheoryData<string, DataCaching> All
    {
        get
        {
            var all = new TheoryData<string, DataCaching>();
            foreach (var name in Cases.Keys)
            {
                all.Add(name, DataCaching.Memory);
                all.Add(name, DataCaching.Stream);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_a_data_view_does_wrong_with_keys_is_without_effect_or_said(string oddity, DataCaching caching)
    {
        var (make, expected) = Cases[oddity];
        foreach (var task in HostileTasks.With(caching))
        {
            var error = Record.Exception(() => Assert.Equal(Weights(Data(Keys, row => new VBuffer<uint>(Slots, Values(row)))), Weights(make())));
            if (expected is null)
            {
                Assert.True(error is null, $"{task}: {error}");
                continue;
            }

            Assert.True(error is ArgumentOutOfRangeException or InvalidOperationException, $"{task}: {error}");
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);

            List<uint> Weights(MadeDataView data) => HostileTasks.Weights(_mlContext, HostileTasks.WithLabel(data, task, row => row), caching, task);
        }
    }

    /// <summary>Whatever the type of the keys: one or a vector of them, one-hot or looked up.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_key_beyond_its_type_is_refused_in_predictions_too(bool isVector, bool isLookedUp)
    {
        Check(i => (byte)i, byte.MaxValue);
        Check(i => (ushort)i, ushort.MaxValue);
        Check(i => i, uint.MaxValue);
        Check(i => (ulong)i, ulong.MaxValue);

        void Check<T>(Func<uint, T> convert, T highest)
        {
            var type = new KeyDataViewType(typeof(T), Count);
            var options = new DenseNeuralNetOptions { NumberOfEpochs = 1, Seed = 1, Layers = isLookedUp ? [new EmbeddingLayer(Count + 1, 2), new DenseLayer(3)] : null };
            var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(HostileTasks.WithLabel(Rows(row => convert((uint)(row % 5))), Tasks.Regression, row => row));
            Assert.All(model.Transform(Rows(row => convert((uint)(row % 5)))).GetColumn<float>("Score"), score => Assert.True(float.IsFinite(score)));
            foreach (var (key, told) in ((T, string)[])[(convert(Count + 1), $"{Count + 1}"), (highest, $"{highest}")])
            {
                var error = Assert.ThrowsAny<Exception>(() => model.Transform(Rows(row => row == 7 ? key : convert(1))).GetColumn<float>("Score").Count()).GetBaseException();
                var (place, of) = isVector ? ("in slot 1 of", $"Vector<{type}, 2>") : ("in", $"{type}");
                Assert.Equal($"Row 8 has the key {told} {place} the column 'Features', whose type, {of}, has {Count}.", error.Message);
            }

            MadeDataView Rows(Func<long, T> key) => isVector
                ? new MadeDataView(20).Add("Features", new VectorDataViewType(type, 2), row => new VBuffer<T>(2, [convert(2), key(row)]))
                : new MadeDataView(20).Add("Features", type, key);
        }
    }

    /// <summary>Of objects ML.NET makes a missing key of a single one beyond its type, which is then all that can be known here; a vector of keys it hands on, and that is refused.</summary>
    [Fact]
    public void A_single_key_of_an_object_beyond_its_type_comes_from_MLNet_as_a_missing_one()
    {
        var rows = Enumerable.Range(0, Rows).Select(row => new KeyObject { One = row == 7 ? 9u : (uint)(row % 4), Several = [1, row == 7 ? 9u : 2] }).ToArray();
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        Assert.Equal([3u, 0, 1], data.GetColumn<uint>("One").Skip(6).Take(3));
        Train("One");
        var error = Assert.Throws<InvalidOperationException>(() => Train("Several"));
        Assert.Contains("Row 8 has the key 9 in slot 1 of the column 'Several', whose type, ", error.Message, StringComparison.Ordinal);

        void Train(string column) => _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { FeatureColumnName = column, NumberOfEpochs = 1, Seed = 1 }).Fit(data);
    }

    /// <summary>Indices of keys that are all there are those of a dense vector.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keys_of_a_single_value_are_1_or_missing(bool isLookedUp)
    {
        var type = new VectorDataViewType(new KeyDataViewType(typeof(uint), 1), Slots);
        var numbers = HostileTasks.WithLabel(new MadeDataView(Rows).Add("Features", new VectorDataViewType(NumberDataViewType.Single, Slots), row => new VBuffer<float>(Slots, [1, row % 2, row % 3 / 2])), Tasks.Regression, row => row);
        var keys = HostileTasks.WithLabel(new MadeDataView(Rows).Add("Features", type, row => new VBuffer<uint>(Slots, [1, (uint)(row % 2), (uint)(row % 3 / 2)])), Tasks.Regression, row => row);
        Assert.Equal(Scores(numbers), Scores(keys));

        List<string> Scores(IDataView data)
        {
            var options = new DenseNeuralNetOptions { NumberOfEpochs = 2, Seed = 1 };
            if (isLookedUp)
                options.Layers = [new EmbeddingLayer(2, 2), new DenseLayer(3)];
            return Tasks.ScoreBits(_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(data).Transform(data));
        }
    }

    [Fact]
    public void Too_many_keys_for_a_network_are_refused_at_once()
    {
        var data = HostileTasks.WithLabel(new MadeDataView(Rows).Add("Features", new KeyDataViewType(typeof(uint), 2_000_000_000), row => (uint)row), Tasks.Regression, row => row);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsAny<ArgumentException>(() => _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [128] }).Fit(data));
        Assert.Contains("The feature column 'Features' has the type Key<UInt32, 0-1999999999>. Layer 1, Dense 128 SiLU, cannot take 2000000000.", error.Message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey makes one of those that occur", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    /// <summary>Messages name the column as the user has it, and not what is made of it: a vector of keys, as the features of a task that learns these, and with layers of the options or a shape that does not fit.</summary>
    [Fact]
    public void Refusals_name_the_type_of_the_users_column()
    {
        var type = new VectorDataViewType(new KeyDataViewType(typeof(uint), 100_000_000), 2, 3);
        var data = HostileTasks.WithLabel(new MadeDataView(Rows).Add("Features", type, row => new VBuffer<uint>(6, [1, 2, 3, 4, 5, 6])), Tasks.Regression, row => row);
        var embedding = new EmbeddingLayer(5, 2);
        foreach (var fit in (Action[])
        [
            () => Fit(new DenseNeuralNetOptions { HiddenLayers = [128] }),
            () => Fit(new DenseNeuralNetOptions { Layers = [new DenseLayer(3), new DenseLayer(128)] }),
            () => Fit(new DenseNeuralNetOptions { NumericEmbedding = NumericEmbedding.On }),
            () => Fit(new DenseNeuralNetOptions { Layers = [embedding, new ConvolutionLayer(2, 3)] }),
            () => Fit(new DenseNeuralNetOptions { Layers = [embedding], InputShape = new Shape(3, 2) }),
            () => _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [128] }).Fit(data),
        ])
        {
            var error = Assert.ThrowsAny<ArgumentException>(fit);
            Assert.Contains("feature column 'Features'", error.Message, StringComparison.Ordinal);
            Assert.Contains($"{type}", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Single", error.Message, StringComparison.Ordinal);
        }

        void Fit(DenseNeuralNetOptions options) => _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(data);
    }

    private static uint[] Values(long row) => [(uint)(row % 5), (uint)(row % 3), (uint)(row % 4)];

    private static VBuffer<uint> Sparse(long row)
    {
        int[] indices = [.. Enumerable.Range(0, Slots).Where(slot => Values(row)[slot] > 0)];
        return new VBuffer<uint>(Slots, indices.Length, [.. indices.Select(slot => Values(row)[slot])], indices);
    }

    /// <param name="annotations">What the names are for, how many there are by their type, and how many are given.</param>
    private static MadeDataView Named(params (string Kind, int Count, int Given)[] annotations)
    {
        var names = new DataViewSchema.Annotations.Builder();
        foreach (var (kind, count, given) in annotations)
        {
            ReadOnlyMemory<char>[] all = [.. Enumerable.Range(0, given).Select(i => $"name {i}".AsMemory())];
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> get = (ref VBuffer<ReadOnlyMemory<char>> destination) => destination = new(all.Length, all);
            names.Add(kind, new VectorDataViewType(TextDataViewType.Instance, count), get);
        }

        return Data(Keys, row => new VBuffer<uint>(Slots, Values(row)), annotations: names.ToAnnotations());
    }

    private static MadeDataView Data<T>(DataViewType type, Func<long, T> keys, Func<long, long>? position = null, DataViewSchema.Annotations? annotations = null) =>
        new MadeDataView(Rows) { Position = position ?? (row => row) }.Add("Features", type, keys, annotations).Add("Weight", NumberDataViewType.Single, _ => 1f);

    private sealed class KeyObject
    {
        [KeyType(Count)]
        public uint One { get; set; }

        [VectorType(2)]
        [KeyType(Count)]
        public uint[] Several { get; set; } = [];

        public float Label { get; set; }
    }
}
