using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet.Tests;

public class PredictionTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void One_shared_model_serves_many_threads(string task)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(300));
        var model = Tasks.Pipeline(_mlContext, task).Fit(data);
        var serial = Tasks.ScoreBits(model.Transform(data));

        var parallel = new List<string>[32];
        Parallel.For(0, parallel.Length, new ParallelOptions { MaxDegreeOfParallelism = parallel.Length }, i => parallel[i] = Tasks.ScoreBits(model.Transform(data)));

        Assert.All(parallel, bits => Assert.Equal(serial, bits));
    }

    [Fact]
    public void A_prediction_engine_agrees_with_the_transformer()
    {
        var rows = Sample.Rows(20);
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = Tasks.Pipeline(_mlContext, Tasks.Binary).Fit(data);
        using var engine = _mlContext.Model.CreatePredictionEngine<Sample, BinaryPrediction>(model);

        var expected = _mlContext.Data.CreateEnumerable<BinaryPrediction>(model.Transform(data), reuseRowObject: false).ToArray();
        Assert.Equal(expected, rows.Select(engine.Predict));
        Assert.All(expected, p => Assert.Equal(p.Score > 0, p.PredictedLabel));
        Assert.All(expected, p => Assert.Equal(1 / (1 + Math.Exp(-p.Score)), p.Probability, 1e-6));
    }

    [Fact]
    public void A_prediction_engine_takes_schema_definitions()
    {
        var rows = Sample.Rows(20);
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = Tasks.Pipeline(_mlContext, Tasks.MultiOutput).Fit(data);
        var input = SchemaDefinition.Create(typeof(Measurement)).WithVectorSize(nameof(Measurement.Values), Sample.FeatureCount);
        input[nameof(Measurement.Values)].ColumnName = nameof(Sample.Features);
        var output = SchemaDefinition.Create(typeof(Forecast));
        output[nameof(Forecast.Both)].ColumnName = "Score";

        using var engine = _mlContext.Model.CreatePredictionEngine<Measurement, Forecast>(
            model, ignoreMissingColumns: true, inputSchemaDefinition: input, outputSchemaDefinition: output);
        Assert.Equal(
            model.Transform(data).GetColumn<float[]>("Score"),
            rows.Select(row => engine.Predict(new Measurement { Values = row.Features }).Both));
    }

    /// <summary>A network whose sums leave the range of float32 gives the largest finite answer; a missing feature still gives none.</summary>
    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Scores_of_rows_without_missing_values_are_finite(string task)
    {
        foreach (var members in (int[])[1, 3])
        {
            var rows = Sample.Rows(40);
            var model = Tasks.Pipeline(_mlContext, task, options => (options.NormalizeFeatures, options.EnsembleSize) = (FeatureNormalization.Off, members)).Fit(_mlContext.Data.LoadFromEnumerable(rows));
            var network = model.GetDenseNeuralNet().Network;
            foreach (var parameter in network.Parameters)
                network.SetParameter(parameter, [.. parameter.ToArray().Select((x, i) => i % 2 == 0 ? 1e37f : -1e37f)]);
            foreach (var row in rows)
                row.Features = [.. row.Features.Select(x => x * 1e30f)];
            rows[7].Features[2] = float.NaN;

            var scored = model.Transform(_mlContext.Data.LoadFromEnumerable(rows));
            foreach (var column in scored.Schema.Where(column => column.Name is "Score" or "Probability"))
            {
                var values = column.Type is VectorDataViewType ? scored.GetColumn<float[]>(column).ToArray() : [.. scored.GetColumn<float>(column).Select(x => (float[])[x])];
                for (var row = 0; row < values.Length; row++)
                    Assert.All(values[row], x => Assert.Equal(row != 7, float.IsFinite(x)));
            }
        }
    }

    [Fact]
    public void Scoring_a_row_allocates_nothing()
    {
        var network = Network.Create(4, [new DenseLayer(16, Activation.GELU), new DropoutLayer(0.5f), new DenseLayer(3, Activation.Softmax)], seed: 1);
        var scorer = new RowScorer(network, new ChannelsLast(1));
        var dense = new VBuffer<float>(4, [1, 2, 3, 4]);
        var sparse = new VBuffer<float>(4, 2, [1, 2], [0, 3]);
        Score();

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                Score();
        }));

        void Score()
        {
            scorer.Score(in dense);
            scorer.Score(in sparse);
        }
    }

    [Fact]
    public void A_prediction_through_the_engine_of_ML_NET_allocates_nothing_either()
    {
        var rows = Sample.Rows(20);
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        using var engine = _mlContext.Model.CreatePredictionEngine<Sample, RegressionPrediction>(Tasks.Pipeline(_mlContext, Tasks.Regression).Fit(data));
        var prediction = new RegressionPrediction();
        engine.Predict(rows[0], ref prediction);

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                engine.Predict(rows[i % rows.Count], ref prediction);
        }));
    }

    [Fact]
    public void Sparse_features_score_as_dense_ones()
    {
        var network = Network.Create(5, [new DenseLayer(3, Activation.Tanh)], seed: 1);
        var scorer = new RowScorer(network, new ChannelsLast(1));
        var expected = scorer.Score(new VBuffer<float>(5, [0, 2, 0, 0, -1])).ToArray();
        Assert.Equal(expected, scorer.Score(new VBuffer<float>(5, 2, [2, -1], [1, 4])).ToArray());
    }

    private sealed record BinaryPrediction
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public float Probability { get; set; }
    }

    private sealed class Measurement
    {
        public float[] Values { get; set; } = [];
    }

    private sealed class Forecast
    {
        public float[] Both { get; set; } = [];
    }

    private sealed class RegressionPrediction
    {
        public float Score { get; set; }
    }
}
