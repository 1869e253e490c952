using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>
/// Data views that lie, break or are odd, through the trainers of all tasks, in memory and streamed: what comes of each is the model of the same rows without the oddity, or an error
/// that names the column or what failed. Never another model, a hang, or an exception from the inside.
/// </summary>
public class HostileDataViewTests
{
    private const int Rows = 40;
    private static readonly VectorDataViewType Vector = new(NumberDataViewType.Single, 3);

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Each oddity makes a data view of a task; after it what the error says, or null where the model is that of <see cref="Honest"/> rows.</summary>
    private static readonly Dictionary<string, (Func<string, IDataView> Make, string? Error)> Cases = new()
    {
        ["nothing"] = (task => Honest(task), null),
        ["says that it has more rows than there can be"] = (task => Honest(task, rowCount: long.MaxValue), null),
        ["says that it has a thousand million rows"] = (task => Honest(task, rowCount: 1_000_000_000), null),
        ["says that it has fewer rows than it has"] = (task => Honest(task, rowCount: 1), null),
        ["says that it has no rows"] = (task => Honest(task, rowCount: 0), null),
        ["says that it has fewer rows than none"] = (task => Honest(task, rowCount: long.MinValue), null),
        ["is always at the same row"] = (task => Honest(task, position: _ => 0), null),
        ["is before the first row"] = (task => Honest(task, position: _ => -1), null),
        ["counts its rows backwards"] = (task => Honest(task, position: row => Rows - row), null),
        ["has one identity for all rows"] = (task => Honest(task, id: _ => default), null),
        ["has a new schema each time that it is asked"] = (task => new ForgetfulDataView(Honest(task)), null),
        ["gives vectors in arrays that are too long"] = (task => Honest(task, row => new VBuffer<float>(3, [.. HostileTasks.Features(row), 99, float.NaN])), null),
        ["gives sparse vectors"] = (task => Honest(task, row => new VBuffer<float>(3, 3, HostileTasks.Features(row), [0, 1, 2])), null),
        ["gives sparse vectors in arrays that are too long"] = (task => Honest(task, row => new VBuffer<float>(3, 3, [.. HostileTasks.Features(row), float.NaN], [0, 1, 2, 77])), null),
        ["writes into the arrays that it gave before"] = (task =>
        {
            var values = new float[3];
            return Honest(task, row =>
            {
                HostileTasks.Features(row).CopyTo(values, 0);
                return new VBuffer<float>(3, values);
            });
        }, null),
        ["has rows of infinite features between"] = (task => Between(task, row => row % 3 == 0 ? new VBuffer<float>(3, [1, float.NegativeInfinity, 2]) : new VBuffer<float>(3, [float.PositiveInfinity, 1, 2])), null),
        ["has rows of bad weights between"] = (task => Between(task, weight: row => (row % 5) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => -1, 3 => float.NegativeInfinity, _ => 0 }), null),
        ["has no weight that is one"] = (task => Honest(task, weight: _ => float.NaN), "'Weight'"),
        ["has negative weights alone"] = (task => Honest(task, weight: _ => -1), "'Weight'"),
        ["has no feature that is one"] = (task => Honest(task, _ => new VBuffer<float>(3, [1, float.NegativeInfinity, 2])), "'Features'"),
        ["has vectors without a value"] = (task => Honest(task, _ => default), "'Features'"),
        ["has vectors of another length"] = (task => Honest(task, row => new VBuffer<float>(row == 7 ? 2 : 3, HostileTasks.Features(row))), "'Features'"),
        ["has indices beyond the vector"] = (task => Honest(task, row => new VBuffer<float>(3, 1, [1f], [row == 7 ? 3 : 0])), "'Features'"),
        ["has indices before the vector"] = (task => Honest(task, row => new VBuffer<float>(3, 1, [1f], [row == 7 ? int.MinValue : 0])), "'Features'"),
        ["has features of unknown size"] = (task => Typed(task, new VectorDataViewType(NumberDataViewType.Single), row => new VBuffer<float>(3, HostileTasks.Features(row))), "'Features'"),
        ["has one feature that is no vector"] = (task => Typed(task, NumberDataViewType.Single, row => (float)row), "'Features'"),
        ["has features of another type"] = (task => Typed(task, new VectorDataViewType(NumberDataViewType.Double, 3), row => new VBuffer<double>(3, [1, 2, row])), "'Features'"),
        ["has features of more dimensions"] = (task => Typed(task, new VectorDataViewType(NumberDataViewType.Single, 3, 1, 1), row => new VBuffer<float>(3, HostileTasks.Features(row))), null),
        ["has no getter for what its schema says"] = (task => Typed(task, Vector, _ => 1.0), "Features"),
        ["hides a column of another type by a right one"] = (task => Typed(task, NumberDataViewType.Double, row => 1.0, hidesFirst: true), null),
        ["breaks while it moves"] = (task => Honest(task, moving: row => throw new IOException($"row {row} is gone")), "Reading the training data failed after 0 rows: row 0 is gone"),
        ["breaks later while it moves"] = (task => Honest(task, moving: row => { if (row == 9) throw new IOException("gone"); }), "Reading the training data failed after 9 rows: gone"),
        ["breaks in a getter"] = (task => Honest(task, row => row == 9 ? throw new FormatException("no vector") : new VBuffer<float>(3, HostileTasks.Features(row))), "Reading the training data failed after 9 rows: no vector"),
        ["has names of features that are too few"] = (task => Typed(task, Vector, row => new VBuffer<float>(3, HostileTasks.Features(row)), annotations: Annotated("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 2), Names(2))), null),
        ["has names of features that are too many"] = (task => Typed(task, Vector, row => new VBuffer<float>(3, HostileTasks.Features(row)), annotations: Annotated("SlotNames", new VectorDataViewType(TextDataViewType.Instance, 9), Names(9))), null),
        ["has names of features that are numbers"] = (task => Typed(task, Vector, row => new VBuffer<float>(3, HostileTasks.Features(row)), annotations: Annotated("SlotNames", Vector, (ref VBuffer<float> names) => names = new VBuffer<float>(3, [1, 2, 3]))), null),
        ["says that its features are normalized"] = (task => Typed(task, Vector, row => new VBuffer<float>(3, HostileTasks.Features(row)), annotations: Annotated("IsNormalized", BooleanDataViewType.Instance, (ref bool value) => value = true)), null),
    };

    public static TheoryData<string, string, DataCaching> All
    {
        get
        {
            var all = new TheoryData<string, string, DataCaching>();
            foreach (var name in Cases.Keys)
            {
                foreach (var task in HostileTasks.All)
                {
                    foreach (var caching in HostileTasks.Cachings(task))
                        all.Add(name, task, caching);
                }
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_a_data_view_does_wrong_is_without_effect_or_said(string oddity, string task, DataCaching caching)
    {
        var (make, expected) = Cases[oddity];
        var error = Record.Exception(() => Assert.Equal(HostileTasks.Weights(_mlContext, Honest(task), caching, task), HostileTasks.Weights(_mlContext, make(task), caching, task)));
        if (expected is null)
        {
            Assert.Null(error);
            return;
        }

        Assert.True(error is ArgumentOutOfRangeException or InvalidOperationException, $"{error}");
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>Memory is taken beforehand by the number of rows that a data view says it has, after the first thousand.</summary>
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(2_000_000_000_000)]
    [InlineData(1)]
    [InlineData(-5)]
    public void A_wrong_number_of_rows_takes_no_more_memory_than_there_is(long rowCount)
    {
        var data = new MadeDataView(1100) { RowCount = rowCount }.Add("Features", Vector, row => new VBuffer<float>(3, HostileTasks.Features(row))).Add("Label", NumberDataViewType.Single, row => (float)(row % 7));
        foreach (var caching in (DataCaching[])[DataCaching.Memory, DataCaching.Auto, DataCaching.Stream])
        {
            var history = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [2], NumberOfEpochs = 1, DataCaching = caching }).Fit(data).Model.History!;
            Assert.Equal(1100, history.Settings.TrainingRows);
        }
    }

    /// <summary>Rows that are held out are known by their identity in later passes.</summary>
    [Fact]
    public void Rows_of_one_identity_cannot_be_held_out_of_a_stream()
    {
        var data = Honest(Tasks.Regression, id: _ => default);
        var error = Assert.Throws<InvalidOperationException>(() => _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { DataCaching = DataCaching.Stream }).Fit(data));
        Assert.Contains("the data view gives several rows the same identity", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Keys of 0 are missing, those beyond the type's count are none of its values.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void Keys_that_are_none_are_skipped(DataCaching caching)
    {
        var type = new KeyDataViewType(typeof(uint), 3);
        var data = new MadeDataView(2 * Rows).Add("Features", Vector, row => new VBuffer<float>(3, HostileTasks.Features(row / 2)))
            .Add("Label", type, row => row % 2 == 1 ? (row % 4 == 1 ? 0 : row % 8 == 3 ? uint.MaxValue : 4u) : HostileTasks.Key(row / 2))
            .Add("Weight", NumberDataViewType.Single, _ => 1f);
        Assert.Equal(HostileTasks.Weights(_mlContext, Honest(Tasks.Multiclass), caching, Tasks.Multiclass), HostileTasks.Weights(_mlContext, data, caching, Tasks.Multiclass));
        var none = new MadeDataView(Rows).Add("Features", Vector, row => new VBuffer<float>(3, HostileTasks.Features(row))).Add("Label", type, _ => 0u).Add("Weight", NumberDataViewType.Single, _ => 1f);
        Assert.Contains("with a missing or infinite label in 'Label'", Assert.Throws<InvalidOperationException>(() => HostileTasks.Weights(_mlContext, none, caching, Tasks.Multiclass)).Message, StringComparison.Ordinal);
    }

    /// <summary>Names of classes are for the evaluators: a model is trained and predicts without them.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public void Names_of_classes_that_are_too_few_or_too_many(int names)
    {
        var annotations = Annotated("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names), Names(names));
        var data = new MadeDataView(Rows).Add("Features", Vector, row => new VBuffer<float>(3, HostileTasks.Features(row))).Add("Label", new KeyDataViewType(typeof(uint), 3), HostileTasks.Key, annotations)
            .Add("Weight", NumberDataViewType.Single, _ => 1f);
        var model = HostileTasks.Trainer(_mlContext, DataCaching.Memory, Tasks.Multiclass).Fit(data);
        Assert.All(model.Transform(data).GetColumn<float[]>("Score"), scores => Assert.Equal(1, scores.Sum(), 1e-5));
    }

    [Theory]
    [InlineData(3.4e38f)]
    [InlineData(-3.4e38f)]
    [InlineData(1e-45f)]
    [InlineData(0)]
    public void Features_of_any_size_give_finite_predictions(float size)
    {
        foreach (var task in HostileTasks.All)
        {
            var data = Honest(task, row => new VBuffer<float>(3, [size * (row % 2), row % 5, size]));
            var scored = HostileTasks.Trainer(_mlContext, DataCaching.Memory, task).Fit(data).Transform(data);
            Assert.All(Tasks.ScoreBits(scored).SelectMany(row => row.Split(' ')), bits => Assert.True(float.IsFinite(BitConverter.UInt32BitsToSingle(Convert.ToUInt32(bits, 16)))));
        }
    }

    private static MadeDataView Honest(
        string task, Func<long, VBuffer<float>>? features = null, Func<long, float>? weight = null, long? rowCount = Rows, Func<long, long>? position = null, Func<long, DataViewRowId>? id = null, Action<long>? moving = null)
    {
        var data = new MadeDataView(Rows)
        {
            RowCount = rowCount,
            Position = position ?? (row => row),
            Id = id ?? (row => new DataViewRowId((ulong)row, 0)),
            Moving = moving ?? (_ => { }),
        };
        return HostileTasks.WithLabel(data.Add("Features", Vector, features ?? (row => new VBuffer<float>(3, HostileTasks.Features(row)))), task, row => row).Add("Weight", NumberDataViewType.Single, weight ?? (_ => 1f));
    }

    /// <summary>The honest rows, and behind each one that cannot be used.</summary>
    private static MadeDataView Between(string task, Func<long, VBuffer<float>>? features = null, Func<long, float>? weight = null) =>
        HostileTasks.WithLabel(new MadeDataView(2 * Rows).Add("Features", Vector, row => row % 2 == 1 && features is not null ? features(row / 2) : new VBuffer<float>(3, HostileTasks.Features(row / 2))), task, row => row / 2)
            .Add("Weight", NumberDataViewType.Single, row => row % 2 == 1 && weight is not null ? weight(row / 2) : 1f);

    private static MadeDataView Typed<T>(string task, DataViewType type, Func<long, T> features, bool hidesFirst = false, DataViewSchema.Annotations? annotations = null)
    {
        var data = new MadeDataView(Rows).Add("Features", type, features, annotations);
        if (hidesFirst)
            data.Add("Features", Vector, row => new VBuffer<float>(3, HostileTasks.Features(row)));
        return HostileTasks.WithLabel(data, task, row => row).Add("Weight", NumberDataViewType.Single, _ => 1f);
    }

    private static DataViewSchema.Annotations Annotated<T>(string name, DataViewType type, ValueGetter<T> getter)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(name, type, getter);
        return builder.ToAnnotations();
    }

    private static ValueGetter<VBuffer<ReadOnlyMemory<char>>> Names(int count) =>
        (ref VBuffer<ReadOnlyMemory<char>> names) => names = new VBuffer<ReadOnlyMemory<char>>(count, [.. Enumerable.Range(0, count).Select(i => $"name {i}".AsMemory())]);

    /// <summary>Makes its schema anew each time, so that columns of one are not those of another.</summary>
    private sealed class ForgetfulDataView(IDataView inner) : IDataView
    {
        public bool CanShuffle => false;

        public DataViewSchema Schema
        {
            get
            {
                var builder = new DataViewSchema.Builder();
                foreach (var column in inner.Schema)
                    builder.AddColumn(column.Name, column.Type, column.Annotations);
                return builder.ToSchema();
            }
        }

        public long? GetRowCount() => inner.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            inner.GetRowCursor(columnsNeeded.Select(column => inner.Schema[column.Index]), rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];
    }
}
