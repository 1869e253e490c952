using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>
/// A class's property may hold an array of another length than its <see cref="VectorTypeAttribute"/> says, or none. Such rows are refused with their place, as ML.NET's own
/// trainers refuse them, rather than learned with what happened to be in memory.
/// </summary>
public class WrongLengthTests
{
    private const int Rows = 60;
    private const int BadRow = 41;

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<DataCaching, int> LengthsOfFeatures
    {
        get
        {
            var cases = new TheoryData<DataCaching, int>();
            foreach (var caching in (DataCaching[])[DataCaching.Memory, DataCaching.Stream, DataCaching.Auto])
            {
                foreach (var length in (int[])[-1, 0, 3, 5])
                    cases.Add(caching, length);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(LengthsOfFeatures))]
    public void Features_of_another_length_are_refused_with_their_place(DataCaching caching, int length)
    {
        foreach (var task in Tasks.All.Select(row => row.Data))
        {
            var pipeline = Tasks.Pipeline(_mlContext, task, options => SetUp(options, caching));
            Refuses(Data(row => row.Features = Vector(length)), "training", nameof(Sample.Features), length, Sample.FeatureCount, data => pipeline.Fit(data));
        }
    }

    [Theory]
    [MemberData(nameof(LengthsOfFeatures))]
    public void Vector_labels_of_another_length_are_refused_with_their_place(DataCaching caching, int length)
    {
        var pipeline = Tasks.Pipeline(_mlContext, Tasks.MultiOutput, options => SetUp(options, caching));
        Refuses(Data(row => row.Numbers = Vector(length)), "training", nameof(Sample.Numbers), length, 2, data => pipeline.Fit(data));
    }

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void A_row_whose_features_are_missing_is_not_skipped_where_its_label_has_another_length(DataCaching caching)
    {
        var pipeline = Tasks.Pipeline(_mlContext, Tasks.MultiOutput, options => SetUp(options, caching));
        var data = Data(row => (row.Features[0], row.Numbers) = (float.NaN, [1]));
        Refuses(data, "training", nameof(Sample.Numbers), 1, 2, view => pipeline.Fit(view));
    }

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void A_validation_set_with_another_length_is_refused(DataCaching caching)
    {
        var validation = Data(row => row.Features = [1, 2, 3]);
        var pipeline = Tasks.Pipeline(_mlContext, Tasks.Regression, options =>
        {
            SetUp(options, caching);
            options.ValidationSet = validation;
        });
        Refuses(_mlContext.Data.LoadFromEnumerable(Sample.Rows(Rows)), "validation", nameof(Sample.Features), 3, Sample.FeatureCount, data => pipeline.Fit(data));
    }

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void Rows_that_are_held_out_are_looked_at_too(DataCaching caching)
    {
        var pipeline = Tasks.Pipeline(_mlContext, Tasks.Regression, options =>
        {
            SetUp(options, caching);
            options.ValidationFraction = 0.9f;
        });
        Refuses(Data(row => row.Features = [1, 2, 3]), "training", nameof(Sample.Features), 3, Sample.FeatureCount, data => pipeline.Fit(data));
    }

    /// <summary>The second pass over a stream may bring what the first one did not.</summary>
    [Fact]
    public void A_length_that_is_wrong_in_a_later_pass_is_refused()
    {
        var reads = 0;
        var data = new MadeDataView(Rows)
            .Add(nameof(Sample.Features), new VectorDataViewType(NumberDataViewType.Single, 4), row => new VBuffer<float>(row == BadRow - 1 && ++reads > 2 ? 3 : 4, [row, 1, 2, row % 7]))
            .Add("Label", NumberDataViewType.Single, row => (float)row);
        Refuses(data, "training", nameof(Sample.Features), 3, 4, view => _mlContext.Transforms.DenseNeuralNet(SetUp(new DenseNeuralNetOptions(), DataCaching.Stream)).Fit(view));
    }

    [Fact]
    public void Ensembles_refuse_another_length()
    {
        var pipeline = Tasks.Pipeline(_mlContext, Tasks.Binary, options => (options.NumberOfEpochs, options.LearningRate) = (null, null));
        Refuses(Data(row => row.Features = [1, 2, 3]), "training", nameof(Sample.Features), 3, Sample.FeatureCount, data => pipeline.Fit(data));
    }

    [Fact]
    public void The_search_for_a_learning_rate_refuses_another_length()
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(nameof(Sample.Number));
        Refuses(Data(row => row.Features = [1, 2, 3]), "training", nameof(Sample.Features), 3, Sample.FeatureCount, data => trainer.FindLearningRate(data));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_evaluation_of_several_outputs_or_quantiles_refuses_another_length(int length)
    {
        var data = Data(row => row.Numbers = Vector(length));
        Refuses(data, "data to evaluate", nameof(Sample.Numbers), length, 2, view => _mlContext.Regression.EvaluateMultiOutput(_mlContext.Transforms.CopyColumns("Score", nameof(Sample.Numbers)).Fit(view).Transform(view), nameof(Sample.Numbers)));
        Refuses(data, "data to evaluate", nameof(Sample.Numbers), length, 2, view => _mlContext.Regression.EvaluateQuantiles(view, nameof(Sample.Number), nameof(Sample.Numbers), [0.1f, 0.9f]));
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Predictions_refuse_another_length_with_its_place(string task)
    {
        var trained = Tasks.Pipeline(_mlContext, task).Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(Rows)));
        foreach (var model in (ITransformer[])[trained, SavedModel.Reload(trained, _mlContext.Data.LoadFromEnumerable(Sample.Rows(1)).Schema)])
        {
            foreach (var length in (int[])[-1, 0, 3, 5])
            {
                var scored = model.Transform(Data(row => row.Features = Vector(length)));
                var error = Assert.ThrowsAny<Exception>(() => Tasks.ScoreBits(scored)).GetBaseException();
                Assert.Contains($"Row {BadRow} of the data to score has a vector of {Math.Max(0, length)} value", error.Message, StringComparison.Ordinal);
                Assert.Contains("in the column 'Features', whose type, Vector<Single, 4>, says 4", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_prediction_engine_refuses_another_length()
    {
        var model = Tasks.Pipeline(_mlContext, Tasks.Regression).Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(Rows)));
        var engine = _mlContext.Model.CreatePredictionEngine<Sample, Scored>(model);
        var rows = Sample.Rows(2);
        var expected = engine.Predict(rows[0]).Score;
        rows[1].Features = [1, 2, 3];
        var error = Assert.ThrowsAny<Exception>(() => engine.Predict(rows[1])).GetBaseException();
        Assert.Contains("has a vector of 3 values in the column 'Features', whose type, Vector<Single, 4>, says 4", error.Message, StringComparison.Ordinal);
        Assert.Equal(expected, engine.Predict(rows[0]).Score);
    }

    [Theory]
    [InlineData(300, false)]
    [InlineData(300, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void Sparse_vectors_of_another_length_or_with_impossible_indices_are_refused(int inputs, bool isStreamed)
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, inputs);
        (VBuffer<float> Vector, string Message)[] cases =
        [
            (new(inputs - 1, 1, [1f], [0]), $"has a vector of {inputs - 1} values in the column 'Features', whose type, {type}, says {inputs}"),
            (new(inputs + 1, 1, [1f], [inputs]), $"has a vector of {inputs + 1} values in the column 'Features', whose type, {type}, says {inputs}"),
            (new(inputs, 1, [1f], [100_000]), $"has a sparse vector of length {inputs} in the column 'Features' with the index 100000; its indices go from 0 to {inputs - 1}"),
            (new(inputs, 1, [1f], [inputs]), $"with the index {inputs}; its indices"),
            (new(inputs, 1, [1f], [-1]), "with the index -1; its"),
            (new(inputs, 2, [1f, 2], [2, 1]), "with the index 1 after 2; its"),
            (new(inputs, 2, [1f, 2], [2, 2]), "with the index 2 after 2; its"),
        ];
        foreach (var (vector, message) in cases)
        {
            var features = new MadeDataView(Rows).Add("Features", type, row => row == BadRow - 1 ? vector : Good(row)).Add("Label", NumberDataViewType.Single, row => (float)row);
            Assert.Contains(message, Error(features).Message, StringComparison.Ordinal);

            var labels = new MadeDataView(Rows).Add("Label", type, row => row == BadRow - 1 ? vector : Good(row)).Add("Features", new VectorDataViewType(NumberDataViewType.Single, 1), row => new VBuffer<float>(1, [row]));
            Assert.Contains(message.Replace("'Features'", "'Label'", StringComparison.Ordinal), Error(labels).Message, StringComparison.Ordinal);
        }

        VBuffer<float> Good(long row) => new(inputs, 2, [1f, row], [(int)(row % 2), 2]);

        InvalidOperationException Error(IDataView data) => Assert.Throws<InvalidOperationException>(
            () => _mlContext.Transforms.DenseNeuralNet(SetUp(new DenseNeuralNetOptions { HiddenLayers = [4] }, isStreamed ? DataCaching.Stream : DataCaching.Memory)).Fit(data));
    }

    private static DenseNeuralNetOptions SetUp(DenseNeuralNetOptions options, DataCaching caching)
    {
        // Small chunks: of a stream, the bad row is behind others in the same memory.
        (options.NumberOfEpochs, options.DataCaching, options.DataLimits, options.BatchSize) = (2, caching, new DataLimits(Chunk: 400), 5);
        return options;
    }

    private static float[] Vector(int length) => length < 0 ? null! : new float[length];

    private static void Refuses(IDataView data, string set, string column, int length, int expected, Action<IDataView> use)
    {
        var error = Assert.Throws<InvalidOperationException>(() => use(data));
        Assert.Contains(set, error.Message, StringComparison.Ordinal);
        Assert.Contains($"row {BadRow} has a vector of {Math.Max(0, length)} value", error.Message, StringComparison.Ordinal);
        Assert.Contains($"in the column '{column}', whose type, Vector<Single, {expected}>, says {expected}", error.Message, StringComparison.Ordinal);
    }

    private IDataView Data(Action<Sample> spoil)
    {
        var rows = Sample.Rows(Rows);
        spoil(rows[BadRow - 1]);
        return _mlContext.Data.LoadFromEnumerable(rows);
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }
}
