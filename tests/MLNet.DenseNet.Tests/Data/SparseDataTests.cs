using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Tests;

public class SparseDataTests
{
    private const int Inputs = 400;

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(FeatureNormalization.Auto)]
    [InlineData(FeatureNormalization.Off)]
    public void Vectors_of_the_same_values_give_the_same_model_however_they_are_stored(FeatureNormalization normalization)
    {
        var (dense, sparse) = (View(Rows(80, Inputs, share: 0.03), isDense: true), View(Rows(80, Inputs, share: 0.03), isDense: false));
        var trainer = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            HiddenLayers = [20],
            NumberOfEpochs = 5,
            ValidationFraction = 0.2f,
            NormalizeFeatures = normalization,
        });
        var (model, other) = (trainer.Fit(dense), trainer.Fit(sparse));
        Assert.Equal(Parameters(model), Parameters(other));

        // And either model scores either vector the same.
        var expected = Scores(model, dense);
        Assert.Equal(expected, Scores(model, sparse));
        Assert.Equal(expected, Scores(other, dense));

        static float[] Parameters(MulticlassPredictionTransformer<DenseNeuralNetMulticlassModelParameters> trained) =>
            [.. trained.Model.Layers.SelectMany(layer => layer.Parameters).SelectMany(p => p.ToArray())];
    }

    [Fact]
    public void A_task_of_many_columns_is_learned()
    {
        var rows = Rows(1200, Inputs, share: 0.02);
        var (training, test) = (View([.. rows.Take(900)], isDense: false), View([.. rows.Skip(900)], isDense: false));
        var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [32], NumberOfEpochs = 6, LearningRate = 0.003f }).Fit(training);
        var accuracy = _mlContext.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        Assert.True(accuracy > 0.85, $"accuracy {accuracy}");
    }

    [Theory]
    [InlineData(FeatureNormalization.Auto)]
    [InlineData(FeatureNormalization.Off)]
    public void Streamed_rows_give_the_bits_of_rows_in_memory(FeatureNormalization normalization)
    {
        var data = View(Rows(1500, Inputs, share: 0.02), isDense: false);
        Assert.Equal(Train(DataCaching.Memory), Train(DataCaching.Stream));

        float[] Train(DataCaching caching) => [.. _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            HiddenLayers = [20],
            NumberOfEpochs = 2,
            Shuffle = false,
            NormalizeFeatures = normalization,
            DataCaching = caching,
            DataLimits = new DataLimits(Chunk: 10_000),
            Seed = 1,
        }).Fit(data).Model.Layers.SelectMany(layer => layer.Parameters).SelectMany(p => p.ToArray())];
    }

    [Theory]
    [InlineData(128, 257, 0.05, true)]
    [InlineData(128, 257, 0.15, false)]
    [InlineData(128, 256, 0.05, false)]
    [InlineData(127, 257, 0.05, false)]
    [InlineData(127, 70_000, 0.01, true)]
    public void Rows_are_kept_sparse_where_they_have_many_features_and_few_values(int count, int inputs, double share, bool isSparse)
    {
        foreach (var isDense in (bool[])[false, true])
        {
            var rows = Rows(count, inputs, share);
            var buffer = Read(View(rows, isDense), inputs);
            var sparse = buffer.ToSparse();
            Assert.Equal(isSparse, sparse is not null);
            Assert.Equal(count, buffer.Rows);
            if (sparse is null)
            {
                Assert.Equal(rows.SelectMany(row => row.Values), buffer.Dense.ToArray());
                continue;
            }

            Assert.Equal(rows.Sum(row => row.Values.Count(x => x != 0)), sparse.Values.Length);
            for (var row = 0; row < rows.Count; row++)
            {
                var written = new float[inputs];
                for (var i = sparse.RowStarts.Span[row]; i < sparse.RowStarts.Span[row + 1]; i++)
                    written[sparse.Columns.Span[i]] = sparse.Values.Span[i];
                Assert.Equal(rows[row].Values, written);
            }
        }
    }

    /// <summary>The first thousand rows decide; what comes later, in this chunk or the next, is stored likewise.</summary>
    [Theory]
    [InlineData(0.05, 0.5)]
    [InlineData(0.5, 0.01)]
    public void The_first_rows_decide(double share, double laterShare)
    {
        var rows = Rows(1000, Inputs, share).Concat(Rows(30, Inputs, laterShare)).ToList();
        var storage = new FeatureStorage(Inputs);
        var buffer = Read(View(rows, isDense: false), Inputs, storage);
        Assert.Equal(share < 0.1, buffer.ToSparse() is not null);
        if (share > 0.1)
            Assert.Equal(rows.SelectMany(row => row.Values), buffer.Dense.ToArray());
        else
            Assert.Equal(rows.Sum(row => row.Values.Count(x => x != 0)), buffer.ToSparse()!.Values.Length);

        // One that began before the decision turns as well, and one that is filled again keeps to it.
        var other = Read(View([.. rows.Skip(1000)], isDense: true), Inputs, storage);
        Assert.Equal(share < 0.1, other.ToSparse() is not null);
        other.Clear();
        Assert.Equal(0, other.Rows);
        Assert.Equal(share < 0.1 ? 0 : null, other.ToSparse()?.Rows);
    }

    /// <summary>Sparse features are not shifted: numbers far from 0 would come to the network as nearly the same.</summary>
    [Theory]
    [InlineData(400, 500, false)]
    [InlineData(2048, 500, false)]
    [InlineData(2049, 500, true)]
    [InlineData(400, 0, true)]
    public void A_table_with_numbers_among_its_features_is_kept_dense(int inputs, float mean, bool isSparse)
    {
        var rows = Rows(150, inputs, share: 0.02);
        for (var row = 0; row < rows.Count; row++)
        {
            // One is always 1, as an indicator that all rows have; one is a number, as an age.
            rows[row].Values[7] = 1;
            rows[row].Values[8] = mean == 0 ? 0 : mean + row % 10;
        }

        Assert.Equal(isSparse, Read(View(rows, isDense: false), inputs).ToSparse() is not null);
    }

    [Fact]
    public void A_number_among_many_categories_is_learned()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 800).Select(_ =>
        {
            var features = new float[300];
            features[random.Next(150)] = features[150 + random.Next(149)] = 1;
            features[299] = 500 + 10 * random.NextSingle();
            return new NumberedRow { Features = new VBuffer<float>(300, features), Label = features[299] };
        }).ToArray();
        var schema = SchemaDefinition.Create(typeof(NumberedRow));
        schema[nameof(NumberedRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 300);
        var split = _mlContext.Data.TrainTestSplit(_mlContext.Data.LoadFromEnumerable(rows, schema), seed: 1);
        Assert.InRange(_mlContext.Regression.Evaluate(_mlContext.Regression.Trainers.DenseNeuralNet().Fit(split.TrainSet).Transform(split.TestSet)).RSquared, 0.95, 1);
    }

    private static FeatureBuffer Read(IDataView view, int inputs, FeatureStorage? storage = null)
    {
        var buffer = new FeatureBuffer(inputs, storage ?? new FeatureStorage(inputs));
        buffer.Reserve(view.GetRowCount() ?? 0);
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var features = default(VBuffer<float>);
        while (cursor.MoveNext())
        {
            getter(ref features);
            buffer.Add(in features);
        }

        return buffer;
    }

    /// <summary>Of three classes, each marked by values in columns of its own.</summary>
    private static List<(float[] Values, uint Label)> Rows(int count, int inputs, double share)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, count).Select(row =>
        {
            var values = Enumerable.Range(0, inputs).Select(column => random.NextDouble() < share * (column % 3 == row % 3 ? 2 : 0.5) ? random.NextSingle() + 0.5f : 0).ToArray();
            return (values, (uint)(row % 3));
        })];
    }

    private IDataView View(List<(float[] Values, uint Label)> rows, bool isDense)
    {
        var schema = SchemaDefinition.Create(typeof(WideRow));
        schema[nameof(WideRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Values.Length);
        schema[nameof(WideRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), 3);
        return _mlContext.Data.LoadFromEnumerable(rows.Select(row => new WideRow { Features = Vector(row.Values, isDense), Label = row.Label }).ToArray(), schema);
    }

    /// <summary>Sparse vectors may store zeros too.</summary>
    private static VBuffer<float> Vector(float[] values, bool isDense)
    {
        if (isDense)
            return new VBuffer<float>(values.Length, values);
        var stored = Enumerable.Range(0, values.Length).Where(i => values[i] != 0 || i % 50 == 0).ToArray();
        return new VBuffer<float>(values.Length, stored.Length, [.. stored.Select(i => values[i])], stored);
    }

    private float[][] Scores(MulticlassPredictionTransformer<DenseNeuralNetMulticlassModelParameters> model, IDataView data) =>
        [.. _mlContext.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false).Select(row => row.Score)];

    private sealed class WideRow
    {
        public VBuffer<float> Features { get; set; }

        public uint Label { get; set; }
    }

    private sealed class NumberedRow
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
