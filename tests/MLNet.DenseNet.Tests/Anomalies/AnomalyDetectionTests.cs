using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;
using MLNet.DenseNet.Tests.Shapes;

namespace MLNet.DenseNet.Tests.Anomalies;

/// <summary>Anomalies by an autoencoder: what the score is, which rows are above the threshold, and all that a pipeline does with a model.</summary>
public class AnomalyDetectionTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Normal rows lie on a curve. Anomalies have its columns, each from another row, so that no column alone tells them.</summary>
    [Fact]
    public void Rows_off_a_curve_are_told_from_those_on_it()
    {
        var model = _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(seed: 1).Fit(View(Normal(1000)));
        var metrics = _mlContext.AnomalyDetection.Evaluate(model.Transform(View([.. Normal(500, seed: 2), .. Anomalies(200)])));
        Assert.InRange(metrics.AreaUnderRocCurve, 0.95, 1);
        // Principal components tell hardly more than chance does: the columns are not correlated.
        var pca = _mlContext.AnomalyDetection.Trainers.RandomizedPca(rank: 2, seed: 1).Fit(View(Normal(1000)));
        Assert.InRange(_mlContext.AnomalyDetection.Evaluate(pca.Transform(View([.. Normal(500, seed: 2), .. Anomalies(200)]))).AreaUnderRocCurve, 0, 0.8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Score_is_the_mean_of_the_squared_errors_of_standardized_features(int members)
    {
        var rows = Normal(300);
        foreach (var row in rows.Where((_, index) => index % 4 == 0))
            row.Features[1] = float.NaN;
        var data = View(rows);
        var model = Trainer(options => options.EnsembleSize = members).Fit(data);
        var network = model.Model.Network;
        foreach (var (row, score) in rows.Zip(Scores(model, data)))
            Assert.Equal(Errors(network, row.Features).Where(error => !double.IsNaN(error)).Average(), score, 1e-4);
    }

    [Fact]
    public void As_many_new_rows_are_above_the_threshold_as_was_asked()
    {
        var trainer = _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(contamination: 0.1f, seed: 1);
        var model = trainer.Fit(View(Normal(3000)));
        var test = View(Normal(3000, seed: 2));
        Assert.InRange(Alarms(model), 0.05, 0.15);
        Assert.InRange(Alarms(_mlContext.AnomalyDetection.ChangeModelThreshold(model, model.Model.ThresholdFor(0.5f))), 0.4, 0.6);
        Assert.True(model.Model.ThresholdFor(0.01f) > model.Model.ThresholdFor(0.1f));

        double Alarms(ITransformer transformer) => transformer.Transform(test).GetColumn<bool>("PredictedLabel").Average(label => label ? 1.0 : 0);
    }

    [Fact]
    public void Rows_without_any_feature_teach_nothing()
    {
        var data = View([.. Enumerable.Range(0, 40).Select(_ => new Row { Features = [float.NaN, float.NaN, float.NaN, float.NaN] })]);
        var error = Assert.Throws<InvalidOperationException>(() => _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(seed: 1).Fit(data));
        Assert.Contains("where the feature column 'Features' holds no number in any: a row that misses all features has none.", error.Message, StringComparison.Ordinal);
    }

    /// <summary>float's 0.01 is a little less, which must not count.</summary>
    [Fact]
    public void The_threshold_is_the_quantile_that_is_written()
    {
        var heldOut = View(Normal(199, seed: 2));
        var model = Trainer(options => options.ValidationSet = heldOut).Fit(View(Normal(300)));
        Assert.Equal(Scores(model.Transform(heldOut)).Order().ElementAt(197), model.Model.ThresholdFor(0.01f), 1e-5f);
    }

    /// <summary>The errors of each network are larger than that of their mean: thresholds of those were exceeded by 1.8 % of new rows instead of 5.</summary>
    [Fact]
    public void Ensemble_has_a_threshold_from_its_own_scores()
    {
        var model = Trainer(options => (options.EnsembleSize, options.NumberOfEpochs) = (4, null)).Fit(View(Normal(3000)));
        Assert.InRange(model.Transform(View(Normal(3000, seed: 2))).GetColumn<bool>("PredictedLabel").Average(label => label ? 1.0 : 0), 0.035, 0.07);
    }

    [Fact]
    public void Predicted_label_is_whether_the_score_is_above_the_threshold()
    {
        var model = Trainer().Fit(View(Normal(300)));
        var scored = model.Transform(View([.. Normal(100, seed: 2), .. Anomalies(100)]));
        var threshold = model.Model.ThresholdFor(0.05f);
        Assert.Equal(Scores(scored).Select(score => score > threshold), scored.GetColumn<bool>("PredictedLabel"));
        Assert.Contains(true, scored.GetColumn<bool>("PredictedLabel"));
        Assert.Contains(false, scored.GetColumn<bool>("PredictedLabel"));
    }

    [Fact]
    public void Far_values_are_anomalies_in_any_column()
    {
        var model = _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(seed: 1).Fit(View(Normal(500)));
        for (var column = 0; column < Row.Columns; column++)
        {
            var rows = Normal(20, seed: 3);
            foreach (var row in rows)
                row.Features[column] = 1e6f;
            Assert.All(Scores(model, View(rows)), score => Assert.True(float.IsFinite(score) && score > model.Model.ThresholdFor(0.01f)));
        }
    }

    /// <summary>A network of large weights puts out numbers whose squares are beyond float32.</summary>
    [Theory]
    [InlineData(1e30f)]
    [InlineData(3e38f)]
    public void Rows_far_away_have_finite_scores_and_contributions_that_keep_their_order(float far)
    {
        var network = Engine.Network.Create(2, [new StandardizationLayer(10), new DenseLayer(2)], seed: 1);
        network.SetParameter(network.Layers[1].Parameters[0], [2e18f, 0, 0, 2e18f]);
        var scorer = new ReconstructionScorer(network, planes: 1);
        float[][] rows = [[1, 1], [5, 1], [far, 1], [far, 5], [far, far]];
        var scores = rows.Select(row => scorer.Score(new VBuffer<float>(2, row))).ToArray();
        Assert.All(scores, score => Assert.True(float.IsFinite(score), $"{score}"));
        Assert.Equal(scores.Order(), scores);
        Assert.Equal(scores.Length - 1, scores.Distinct().Count(score => score < float.MaxValue));
        foreach (var (row, score) in rows.Zip(scores))
        {
            var contributions = default(VBuffer<float>);
            scorer.Explain(new VBuffer<float>(2, row), ref contributions, top: 2, normalize: false);
            Assert.All(contributions.DenseValues(), contribution => Assert.True(float.IsFinite(contribution), $"{contribution}"));
            Assert.Equal(score, Math.Min(float.MaxValue, contributions.DenseValues().Sum(contribution => (double)contribution)), 1e-5 * score);
        }

        Assert.True(float.IsNaN(scorer.Score(new VBuffer<float>(2, [far, float.NaN]))));
    }

    /// <summary>Whether or not one was in training, what is there may be anomalous.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Missing_features_do_not_count(bool wereInTraining)
    {
        var rows = Normal(300);
        if (wereInTraining)
            rows[5].Features[1] = float.NaN;
        var model = Trainer().Fit(View(rows));
        Row[] strange = [new() { Features = [0, float.NaN, 0, 0] }, new() { Features = [float.NaN, 0, 0, 0] }, new() { Features = [1e6f, float.NaN, 0, 0] }, new() { Features = [float.NaN, 1e6f, 0, 0] }];
        var scores = Scores(model, View(strange));
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Assert.Equal([true, true], model.Transform(View(strange[2..])).GetColumn<bool>("PredictedLabel"));
        var network = ((IDenseNeuralNetModel)model.Model).Network;
        var contributions = default(VBuffer<float>);
        new ReconstructionScorer(network, planes: 1).Explain(new VBuffer<float>(4, strange[3].Features), ref contributions, top: 4, normalize: false);
        Assert.Equal(0, contributions.GetItemOrDefault(0));
        Assert.Equal(scores[3], contributions.DenseValues().Sum(), 1e-3f * scores[3]);
        // With nothing at all there is no score.
        Assert.True(float.IsNaN(Scores(model, View([new() { Features = [float.NaN, float.NaN, float.NaN, float.NaN] }]))[0]));
        Assert.Equal(scores, Scores(SavedModel.Reload(model, View(rows).Schema).Transform(View(strange))));
    }

    /// <summary>As models saved before missing features were left out: a standardization that takes none for the mean stays with its model.</summary>
    [Fact]
    public void A_model_that_takes_nothing_missing_for_the_mean_is_gone_on_from()
    {
        var data = View(Normal(300));
        var first = Trainer(o => o.MissingFeatures = MissingFeatures.Skip).Fit(data).Model;
        var second = Trainer().Fit(data, first).Model;
        Assert.True(second.History!.EpochsBefore > 0);
        Assert.False(((StandardizationLayer)((IDenseNeuralNetModel)second).Network.Standardization!.Layer).TakesMissingForMean);
    }

    [Fact]
    public void Saved_model_is_the_same_and_predicts_row_by_row()
    {
        var data = View(Normal(300));
        var pipeline = _mlContext.Transforms.CopyColumns("Copied", "Features").Append(Trainer(options => (options.FeatureColumnName, options.EnsembleSize) = ("Copied", 2)));
        var model = pipeline.Fit(data);
        var loaded = SavedModel.Reload(model, data.Schema);
        var (expected, actual) = (model.Transform(data), loaded.Transform(data));
        Assert.Equal(Tasks.ScoreBits(expected), Tasks.ScoreBits(actual));
        Assert.Equal(expected.GetColumn<bool>("PredictedLabel"), actual.GetColumn<bool>("PredictedLabel"));
        var parameters = Assert.IsType<DenseNeuralNetAnomalyModelParameters>(loaded.GetDenseNeuralNet());
        Assert.Equal(model.LastTransformer.Model.ThresholdFor(0.2f), parameters.ThresholdFor(0.2f));
        Assert.NotNull(parameters.History);

        var engine = _mlContext.Model.CreatePredictionEngine<Row, Prediction>(loaded);
        Assert.Equal(Scores(expected), Normal(300).Select(row => engine.Predict(row).Score));
    }

    [Fact]
    public void Contributions_are_the_errors_of_the_features_and_add_up_to_the_score()
    {
        var model = _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(seed: 1).Fit(View(Normal(500)));
        var rows = Normal(50, seed: 2);
        foreach (var row in rows)
            row.Features[2] = 4;
        var scored = model.Transform(View(rows));
        var explained = _mlContext.Transforms.CalculateFeatureContribution(model, Row.Columns, Row.Columns, normalize: false).Fit(scored).Transform(scored);
        var contributions = explained.GetColumn<float[]>("FeatureContributions").ToArray();
        Assert.All(contributions.Zip(Scores(scored)), pair => Assert.Equal(pair.Second, pair.First.Sum(), 1e-4));
        foreach (var (row, errors) in rows.Zip(contributions))
            Assert.All(Errors(model.Model.Network, row.Features).Zip(errors), pair => Assert.Equal(pair.First / Row.Columns, pair.Second, 1e-4));
        Assert.Equal(contributions, _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, null, Row.Columns, Row.Columns, normalize: false).Fit(scored).Transform(scored).GetColumn<float[]>("FeatureContributions"));
        Assert.Equal(contributions, _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, 0, Row.Columns, Row.Columns, normalize: false).Fit(scored).Transform(scored).GetColumn<float[]>("FeatureContributions"));
        Assert.Throws<ArgumentOutOfRangeException>("output", () => _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output: 1));
    }

    [Fact]
    public void Images_come_in_any_order()
    {
        var scores = ((string[])["planes", "pixels", "flat"]).Select(order =>
        {
            var rows = ShapedRow.View(order, share: 0.2);
            var model = Trainer(options => options.InputShape = order == "flat" ? ShapedRow.Shape : null).Fit(rows);
            var scored = model.Transform(rows);
            var contributions = _mlContext.Transforms.CalculateFeatureContribution(model, ShapedRow.Size, ShapedRow.Size, normalize: false).Fit(scored).Transform(scored).GetColumn<float[]>("FeatureContributions").First();
            return (Scores: Scores(scored), Deciding: contributions[ShapedRow.DecidingSlot(order)]);
        }).ToArray();
        Assert.All(scores, other => Assert.Equal(scores[0].Scores[0], other.Scores[0], 1e-3));
        Assert.Equal(scores[0].Deciding, scores[1].Deciding, 1e-3);
    }

    [Fact]
    public void Sparse_rows_are_learned_and_scored()
    {
        var (dense, sparse) = (ShapedRow.View("flat", share: 0.05), ShapedRow.View("flat", share: 0.05, isSparse: true));
        var model = Trainer().Fit(sparse);
        Assert.All(Scores(model, dense).Zip(Scores(model, sparse)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    /// <summary>Another task's network in the place of an autoencoder, and one with fewer outputs than features, both with the right checksum.</summary>
    [Fact]
    public void Network_that_puts_out_no_features_is_damage()
    {
        var data = View(Normal(100));
        var trainer = Trainer();
        var model = trainer.Fit(data);
        var makeTransformer = trainer.GetType().GetMethod("MakeTransformer", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var size = model.Model.Layers[0].InputShape.Size;
        foreach (var (layers, problem) in ((Layer[], string)[])
        [
            ([new StandardizationLayer(), new DenseLayer(size - 1)], $"has as many outputs as these, which are {size}; this one has {size - 1}"),
            ([new DenseLayer(size)], "begins with a StandardizationLayer; this one begins with ["),
        ])
        {
            var trained = new TrainedNetwork(Network.Create(size, layers, seed: 1), ((IDenseNeuralNetModel)model.Model).Layout, History: null, Meanings: null, Errors: null);
            var damaged = (ITransformer)makeTransformer.Invoke(trainer, [new DenseNeuralNetAnomalyModelParameters(_mlContext, trained), data.Schema])!;
            var error = Assert.ThrowsAny<Exception>(() => SavedModel.Reload(damaged, data.Schema));
            Assert.Contains("The saved model is damaged: A network that puts out its features ", error.ToString(), StringComparison.Ordinal);
            Assert.Contains(problem, error.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Same_seed_gives_the_same_bits_on_any_number_of_threads()
    {
        var data = View(Normal(400));
        Assert.Equal(Tasks.ScoreBits(Trainer(options => options.NumberOfThreads = 1).Fit(data).Transform(data)), Tasks.ScoreBits(Trainer(options => options.NumberOfThreads = 3).Fit(data).Transform(data)));
    }

    [Fact]
    public void Training_goes_on_from_a_model_and_measures_a_validation_set()
    {
        var data = View(Normal(400));
        var first = Trainer(options => options.NumberOfEpochs = 2).Fit(data).Model;
        var second = Trainer(options => options.NumberOfEpochs = 3).Fit(data, View(Normal(200, seed: 2)), first).Model;
        Assert.Equal(5, second.History!.EpochsBefore + second.History.Count);
        Assert.True(second.History[^1].ValidationLoss < first.History![^1].Loss);
    }

    [Fact]
    public void Rows_count_by_their_weights()
    {
        // Those that weigh next to nothing are not learned.
        var rows = Normal(500).Concat(Anomalies(500).Select(row => new Row { Features = row.Features, Weight = 1e-6f })).ToArray();
        var model = Trainer(options => (options.ExampleWeightColumnName, options.NumberOfEpochs) = ("Weight", 40)).Fit(View(rows));
        var metrics = _mlContext.AnomalyDetection.Evaluate(model.Transform(View([.. Normal(300, seed: 2), .. Anomalies(300, seed: 5)])));
        Assert.InRange(metrics.AreaUnderRocCurve, 0.9, 1);
    }

    [Fact]
    public void Bottleneck_is_a_hidden_layer_that_can_be_had()
    {
        var data = View(Normal(200));
        var model = Trainer(options => options.HiddenLayers = [9, 2, 9]).Fit(data);
        var hidden = _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, layer: 2).Fit(data).Transform(data).GetColumn<float[]>("HiddenFeatures");
        Assert.All(hidden, row => Assert.Equal(2, row.Length));
    }

    [Fact]
    public void Numbers_can_be_embedded_and_a_learning_rate_be_looked_for()
    {
        var data = View(Normal(300));
        var trainer = Trainer(options => options.NumericEmbedding = NumericEmbedding.On);
        Assert.Contains("Numeric embedding", trainer.Fit(data).Model.Summary().ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(trainer.FindLearningRate(data, steps: 20).Points);
    }

    [Theory]
    [InlineData("OutputActivation")]
    [InlineData("NormalizeFeatures")]
    [InlineData("Layers")]
    [InlineData("Augmentation")]
    [InlineData("DataCaching")]
    [InlineData("HiddenLayers")]
    [InlineData("Layers", "no hidden layer")]
    public void Options_that_make_no_sense_are_refused(string option, string how = "")
    {
        Action<DenseNeuralNetOptions> change = option switch
        {
            "Layers" when how.Length > 0 => options => (options.HiddenLayers, options.Layers) = (null, [new DropoutLayer(0.5f)]),
            "OutputActivation" => options => options.OutputActivation = Activation.Sigmoid,
            "NormalizeFeatures" => options => options.NormalizeFeatures = FeatureNormalization.Off,
            "Layers" => options => (options.HiddenLayers, options.Layers) = (null, [new EmbeddingLayer(5, 2)]),
            "Augmentation" => options => options.Augmentation = new TableAugmentation(noise: 0.1f),
            "DataCaching" => options => options.DataCaching = DataCaching.Stream,
            _ => options => options.HiddenLayers = [],
        };
        var error = Assert.ThrowsAny<ArgumentException>(() => Trainer(change));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
        Assert.Contains("anomaly detection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threshold_of_rows_that_were_learned_is_warned_of()
    {
        var warnings = Warnings();
        Trainer(options => options.NumberOfEpochs = 2).Fit(View(Normal(100)));
        Assert.Contains(warnings, warning => warning.Contains("No rows were held out", StringComparison.Ordinal));
        warnings.Clear();
        Trainer(options => options.NumberOfEpochs = null).Fit(View(Normal(400)));
        Assert.Empty(warnings);
        // Going on, rows are new to the model only if it held the same ones out.
        var (all, part) = (Trainer().Fit(View(Normal(100))).Model, Trainer(options => options.ValidationFraction = 0.3f));
        warnings.Clear();
        var second = part.Fit(View(Normal(100)), all).Model;
        part.Fit(View(Normal(100)), second);
        Assert.Equal(2, warnings.Count(warning => warning.Contains("may have learned the rows that were held out now", StringComparison.Ordinal)));
        warnings.Clear();
        part.Fit(View(Normal(100)), part.Fit(View(Normal(100))).Model);
        Assert.DoesNotContain(warnings, warning => warning.Contains("learned", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_too_few_for_the_share_are_warned_of()
    {
        var warnings = Warnings();
        Trainer(options => options.NumberOfEpochs = null).Fit(View(Normal(60)));
        Assert.Contains(warnings, warning => warning.Contains("rows are too few to tell which one a share of 0.05 exceeds: the threshold is the highest of them", StringComparison.Ordinal));
    }

    /// <summary>Those that are told from now on.</summary>
    private List<string> Warnings()
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        return warnings;
    }

    private DenseNeuralNetAnomalyTrainer Trainer(Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions { NumberOfEpochs = 5, Seed = 1 };
        change?.Invoke(options);
        return _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options);
    }

    private IDataView View(IEnumerable<Row> rows) => _mlContext.Data.LoadFromEnumerable(rows.ToArray());

    private static float[] Scores(AnomalyPredictionTransformer<DenseNeuralNetAnomalyModelParameters> model, IDataView data) => Scores(model.Transform(data));

    private static float[] Scores(IDataView scored) => [.. scored.GetColumn<float>("Score")];

    /// <summary>The squared error of each feature, by the formulas of the layers' documentation in float64; not-a-number where it is missing.</summary>
    private static double[] Errors(Engine.Network network, float[] features)
    {
        var standardization = network.Layers.First(layer => layer.Layer is StandardizationLayer).Parameters;
        var (outputs, mean, scale) = (network.Predict(features), standardization[0].ToArray(), standardization[1].ToArray());
        return [.. features.Select((feature, column) =>
        {
            var z = ((double)feature - mean[column]) * scale[column];
            return Math.Pow(outputs[column] - z / Math.Sqrt(1 + z * z / 100), 2);
        })];
    }

    private static Row[] Normal(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var angle = 2 * MathF.PI * random.NextSingle();
            return new Row { Features = [.. new[] { MathF.Cos(angle), MathF.Sin(angle), MathF.Cos(2 * angle), MathF.Sin(3 * angle) }.Select(value => value + 0.1f * (random.NextSingle() - 0.5f))] };
        })];
    }

    private static Row[] Anomalies(int count, int seed = 4)
    {
        var (random, others) = (new Random(seed), Normal(count, seed));
        return [.. others.Select(_ => new Row { Features = [.. Enumerable.Range(0, Row.Columns).Select(column => others[random.Next(count)].Features[column])], Label = 1 })];
    }

    private sealed class Row
    {
        public const int Columns = 4;

        [VectorType(Columns)]
        public float[] Features { get; set; } = [];

        public float Weight { get; set; } = 1;

        public float Label { get; set; }
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }
}
