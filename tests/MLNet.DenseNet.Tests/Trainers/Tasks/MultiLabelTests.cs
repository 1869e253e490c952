using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Models;
using MLNet.DenseNet.Tests.EstimatorContract;

namespace MLNet.DenseNet.Tests;

/// <summary>Several labels a row, each true or false: training, predicting, evaluating, saving.</summary>
public class MultiLabelTests
{
    private const int Labels = 3;

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Label_of_Booleans_is_multi_label_classification()
    {
        var split = _mlContext.Data.TrainTestSplit(Rows(1500), testFraction: 0.3, seed: 1);
        var pipeline = _mlContext.Transforms.Concatenate("Label", "IsSunny", "IsWarm", "IsWindy").Append(_mlContext.Transforms.DenseNeuralNet(seed: 1));
        var model = pipeline.Fit(split.TrainSet);
        var scored = model.Transform(split.TestSet);
        var metrics = _mlContext.BinaryClassification.EvaluateMultiLabel(scored);
        Assert.True(metrics.MicroF1 > 0.93 && metrics.MacroF1 > 0.9 && metrics.SubsetAccuracy > 0.85 && metrics.RankingLoss < 0.05, metrics.ToString());

        foreach (var column in (string[])["PredictedLabel", "Score", "Probability"])
        {
            var names = default(VBuffer<ReadOnlyMemory<char>>);
            scored.Schema[column].Annotations.GetValue("SlotNames", ref names);
            Assert.Equal(["IsSunny", "IsWarm", "IsWindy"], names.DenseValues().Select(name => name.ToString()));
        }

        var (scores, probabilities, predicted) = (scored.GetColumn<float[]>("Score").ToArray(), scored.GetColumn<float[]>("Probability").ToArray(), scored.GetColumn<bool[]>("PredictedLabel").ToArray());
        for (var row = 0; row < scores.Length; row++)
        {
            for (var label = 0; label < Labels; label++)
            {
                Assert.Equal(1 / (1 + Math.Exp(-scores[row][label])), probabilities[row][label], 1e-6);
                Assert.Equal(probabilities[row][label] > 0.5, predicted[row][label]);
            }
        }
    }

    [Fact]
    public void Model_and_thresholds_are_saved()
    {
        var rows = WithLabel(Rows(200));
        var transformer = (DenseNeuralNetMultiLabelTransformer)_mlContext.Transforms.DenseNeuralNet(Options()).Fit(rows);
        var changed = transformer.WithThresholds([0.2f, 0.5f, 1]);
        var loaded = (DenseNeuralNetMultiLabelTransformer)SavedModel.Reload(changed, rows.Schema);
        Assert.Equal([0.2f, 0.5f, 1], loaded.Model.Thresholds);
        Assert.Equal([0.5f, 0.5f, 0.5f], transformer.Model.Thresholds);
        var (before, after) = (transformer.Transform(rows), loaded.Transform(rows));
        Assert.Equal(before.GetColumn<float[]>("Score"), after.GetColumn<float[]>("Score"));
        Assert.Equal(before.GetColumn<float[]>("Probability").Select(row => (row[0] > 0.2f, row[1] > 0.5f, false)), after.GetColumn<bool[]>("PredictedLabel").Select(row => (row[0], row[1], row[2])));

        Assert.Throws<ArgumentException>("thresholds", () => transformer.WithThresholds([0.5f]));
        Assert.Throws<ArgumentException>("thresholds", () => transformer.WithThresholds([0.5f, float.NaN, 0.5f]));
        Assert.Throws<ArgumentException>("thresholds", () => transformer.WithThresholds([0.5f, 0.5f, 1.5f]));
    }

    /// <summary>The trainer stands in a chain inside the chain, before other steps; a step for training rows alone stays out of what is saved.</summary>
    [Fact]
    public void Thresholds_are_changed_wherever_the_network_stands_in_a_pipeline()
    {
        var rows = Rows(200);
        var labels = _mlContext.Transforms.Concatenate("Label", "IsSunny", "IsWarm", "IsWindy").Fit(rows);
        var network = _mlContext.Transforms.DenseNeuralNet(Options()).Append(_mlContext.Transforms.CopyColumns("Chances", "Probability")).Fit(labels.Transform(rows));
        var model = new TransformerChain<ITransformer>([labels, network], [TransformerScope.Training, TransformerScope.Everything]);
        float[] thresholds = [0.2f, 0.5f, 0.9f];
        var changed = _mlContext.BinaryClassification.ChangeModelThresholds(model, thresholds);
        var loaded = SavedModel.Reload(changed, rows.Schema);

        Assert.Equal([0.5f, 0.5f, 0.5f], ((DenseNeuralNetMultiLabelModelParameters)model.GetDenseNeuralNet()).Thresholds);
        Assert.Null(loaded.GetOutputSchema(rows.Schema).GetColumnOrNull("Label"));
        var (before, after) = (model.Transform(rows), loaded.Transform(rows));
        Assert.Equal(before.GetColumn<float[]>("Score"), after.GetColumn<float[]>("Score"));
        Assert.Equal(before.GetColumn<float[]>("Chances"), after.GetColumn<float[]>("Chances"));
        var expected = before.GetColumn<float[]>("Probability").Select(row => row.Zip(thresholds, (probability, threshold) => probability > threshold).ToArray()).ToArray();
        Assert.Equal(expected, after.GetColumn<bool[]>("PredictedLabel"));
        Assert.NotEqual(expected, before.GetColumn<bool[]>("PredictedLabel"));

        var again = _mlContext.BinaryClassification.ChangeModelThresholds(loaded, [0.5f, 0.5f, 0.5f]);
        Assert.Equal(before.GetColumn<bool[]>("PredictedLabel"), again.Transform(rows).GetColumn<bool[]>("PredictedLabel"));
    }

    [Fact]
    public void Thresholds_are_those_of_one_network_of_several_labels()
    {
        var (rows, catalog) = (WithLabel(Rows(100)), _mlContext.BinaryClassification);
        var copied = _mlContext.Transforms.CopyColumns("Copy", "Label").Fit(rows);
        var none = Assert.Throws<ArgumentException>("model", () => catalog.ChangeModelThresholds(copied, [0.5f, 0.5f, 0.5f])).Message;
        Assert.Contains("there is none in [ColumnCopyingTransformer]", none, StringComparison.Ordinal);
        Assert.Contains("ChangeModelThreshold.", none, StringComparison.Ordinal);
        var model = catalog.Trainers.DenseNeuralNetMultiLabel(Options()).Fit(rows);
        var two = new TransformerChain<ITransformer>(model, copied, catalog.Trainers.DenseNeuralNetMultiLabel(Options()).Fit(rows));
        Assert.Contains("There are 2 ", Assert.Throws<ArgumentException>("model", () => catalog.ChangeModelThresholds(two, [0.5f, 0.5f, 0.5f])).Message, StringComparison.Ordinal);
        Assert.Contains("2 thresholds; the model has 3 labels", Assert.Throws<ArgumentException>("thresholds", () => catalog.ChangeModelThresholds(model, [0.5f, 0.5f])).Message, StringComparison.Ordinal);
    }

    /// <summary>By the trainer of the task; the type of the column alone would make a regression of them.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void Labels_of_0_and_1_are_as_Booleans(DataCaching caching)
    {
        var booleans = WithLabel(Rows(200));
        var numbers = _mlContext.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Single).Fit(booleans).Transform(booleans);
        var options = Options();
        options.DataCaching = caching;
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(options);
        var (ofBooleans, ofNumbers) = (trainer.Fit(booleans).Transform(booleans), trainer.Fit(numbers).Transform(numbers));
        Assert.Equal(Tasks.ScoreBits(ofBooleans), Tasks.ScoreBits(ofNumbers));
        Assert.Equal(ofBooleans.GetColumn<bool[]>("PredictedLabel"), ofNumbers.GetColumn<bool[]>("PredictedLabel"));
        Assert.Equal(_mlContext.BinaryClassification.EvaluateMultiLabel(ofBooleans).ToString(), _mlContext.BinaryClassification.EvaluateMultiLabel(ofNumbers).ToString());
        Assert.Equal(3, _mlContext.BinaryClassification.CrossValidateMultiLabel(numbers, trainer, numberOfFolds: 3).Count);
    }

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void Labels_that_are_neither_0_nor_1_are_named(DataCaching caching)
    {
        var data = _mlContext.Data.LoadFromEnumerable((Numbers[])[new() { Label = [0, 1] }, new() { Label = [1, float.NaN] }, new() { Label = [1, 0.5f] }, new()]);
        var options = Options();
        options.DataCaching = caching;
        var error = Assert.Throws<InvalidOperationException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(options).Fit(data));
        Assert.Contains("row 3 has the label 0.5 (in slot 1 of the column 'Label'); several labels a row are Booleans, or numbers that are 0 or 1", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidOperationException>(() => _mlContext.BinaryClassification.EvaluateMultiLabel(data));
        Assert.Contains("row 3 has the label 0.5 (in slot 1 of the column 'Label')", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_miss_a_label_are_left_out_of_an_evaluation()
    {
        var messages = new List<string>();
        _mlContext.Log += (_, log) => messages.Add(log.Message);
        var metrics = _mlContext.BinaryClassification.EvaluateMultiLabel(_mlContext.Data.LoadFromEnumerable((Numbers[])
            [new() { Label = [0, 1], PredictedLabel = [false, true] }, new() { Label = [1, float.NaN], PredictedLabel = [false, false] }]));
        Assert.Equal(1, metrics.SubsetAccuracy);
        Assert.Contains(messages, message => message.Contains("Rows left out of the evaluation: 1 of 2 with a missing label in 'Label'.", StringComparison.Ordinal));
    }

    [Fact]
    public void Prediction_engine_gives_all_columns()
    {
        var rows = WithLabel(Rows(300));
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(Options()).Fit(rows);
        using var engine = _mlContext.Model.CreatePredictionEngine<Weather, Forecast>(model);
        var scored = model.Transform(rows).GetColumn<float[]>("Probability").ToArray();
        var source = _mlContext.Data.CreateEnumerable<Weather>(rows, reuseRowObject: false, ignoreMissingColumns: true).ToArray();
        for (var row = 0; row < 20; row++)
        {
            var forecast = engine.Predict(source[row]);
            Assert.Equal(scored[row], forecast.Probability);
            Assert.Equal(scored[row].Select(probability => probability > 0.5f), forecast.PredictedLabel);
        }
    }

    [Fact]
    public void Each_fold_is_evaluated()
    {
        var folds = _mlContext.BinaryClassification.CrossValidateMultiLabel(WithLabel(Rows(400)), _mlContext.Transforms.DenseNeuralNet(Options()), numberOfFolds: 4, seed: 1);
        Assert.Equal(4, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.MicroF1 > 0.7, fold.Metrics.ToString()));
        Assert.Contains("CrossValidate", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.CrossValidateMultiLabel(
            _mlContext.Data.LoadFromEnumerable(Sample.Rows(50)), _mlContext.BinaryClassification.Trainers.DenseNeuralNet(nameof(Sample.Flag)), labelColumnName: nameof(Sample.Flag))).Message, StringComparison.Ordinal);
    }

    /// <summary>The values are scikit-learn's f1_score (micro, macro), accuracy_score, hamming_loss and label_ranking_loss of the same rows.</summary>
    [Fact]
    public void Metrics_are_those_of_the_field()
    {
        var rows = _mlContext.Data.LoadFromEnumerable((Scored[])
        [
            new() { Label = [true, false, true], PredictedLabel = [true, false, false], Score = [0.9f, 0.1f, 0.4f] },
            new() { Label = [false, false, true], PredictedLabel = [true, false, true], Score = [0.8f, 0.3f, 0.6f] },
            new() { Label = [false, false, false], PredictedLabel = [false, false, false], Score = [0.2f, 0.3f, 0.1f] },
            new() { Label = [true, false, false], PredictedLabel = [false, false, true], Score = [0.5f, 0.5f, 0.7f] },
        ]);
        var metrics = _mlContext.BinaryClassification.EvaluateMultiLabel(rows);
        Assert.Equal(0.5, metrics.MicroF1, 1e-12);
        Assert.Equal(1.0 / 3, metrics.MacroF1, 1e-12);
        Assert.Equal(0.25, metrics.SubsetAccuracy, 1e-12);
        Assert.Equal(4.0 / 12, metrics.HammingLoss, 1e-12);
        // Pairs in the wrong order: none of two, one of two, none to compare, both of two, an equal one among them.
        Assert.Equal((0 + 0.5 + 0 + 1) / 4, metrics.RankingLoss, 1e-12);
        Assert.Equal((0.5, 0.5, 0.5), (metrics.Labels[0].Precision, metrics.Labels[0].Recall, metrics.Labels[0].F1));
        Assert.Equal((0, 0, 0, 1), (metrics.Labels[1].Precision, metrics.Labels[1].Recall, metrics.Labels[1].F1, metrics.Labels[1].Accuracy));
    }

    [Fact]
    public void Rows_without_scores_are_left_out_of_an_evaluation()
    {
        Scored right = new() { Label = [true, false, true], PredictedLabel = [true, false, true], Score = [0.9f, 0.1f, 0.8f] };
        Scored unscored = new() { Label = [true, false, true], PredictedLabel = [false, false, false], Score = [float.NaN, 0.1f, 0.8f] };
        var messages = new List<string>();
        _mlContext.Log += (_, log) => messages.Add(log.Message);
        var metrics = _mlContext.BinaryClassification.EvaluateMultiLabel(_mlContext.Data.LoadFromEnumerable([unscored, right]));
        Assert.Equal((1, 1, 0), (metrics.MicroF1, metrics.SubsetAccuracy, metrics.RankingLoss));
        Assert.Contains(messages, message => message.Contains("1 of 2 with a missing score in 'Score'", StringComparison.Ordinal));
        Assert.Contains("nothing to evaluate", Assert.Throws<InvalidOperationException>(() => _mlContext.BinaryClassification.EvaluateMultiLabel(_mlContext.Data.LoadFromEnumerable([unscored]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_evaluated_is_an_error()
    {
        var rows = WithLabel(Rows(20));
        Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.EvaluateMultiLabel(rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.EvaluateMultiLabel(rows, labelColumnName: "Features"));
        var scored = _mlContext.Transforms.DenseNeuralNet(Options()).Fit(rows).Transform(rows);
        Assert.Throws<InvalidOperationException>(() => _mlContext.BinaryClassification.EvaluateMultiLabel(_mlContext.Data.FilterRowsByColumn(scored, "Amount", 100)));
    }

    [Fact]
    public void Damaged_thresholds_are_refused()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        ProbabilitiesFormat.Thresholds.Write([0.5f, 0.25f], writer);
        Assert.Equal([0.5f, 0.25f], Read(stream.ToArray()));
        for (var place = 0; place < stream.Length; place++)
        {
            var bytes = stream.ToArray();
            bytes[place] ^= 1;
            Assert.Throws<FormatException>(() => Read(bytes));
        }

        static float[] Read(byte[] bytes)
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            return ProbabilitiesFormat.Thresholds.Read(reader, outputs: 2);
        }
    }

    [Fact]
    public void Metric_that_is_not_there_stops_no_training() => Assert.Contains("there is no metric besides it", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Transforms.DenseNeuralNet(
        new DenseNeuralNetOptions { LabelColumnName = "Amount", Loss = new QuantileLoss(0.9f), EarlyStopping = new EarlyStopping(metric: EarlyStoppingMetric.TaskMetric), Seed = 1 }).Fit(WithLabel(Rows(100)))).Message, StringComparison.Ordinal);

    /// <summary>The history tells the share of labels that are right, and training may stop by it.</summary>
    [Fact]
    public void Accuracy_of_labels_is_told_in_each_epoch()
    {
        var options = Options();
        (options.NumberOfEpochs, options.EarlyStopping) = (200, new EarlyStopping(EarlyStoppingMetric.TaskMetric, patience: 3));
        var history = ((DenseNeuralNetMultiLabelTransformer)_mlContext.Transforms.DenseNeuralNet(options).Fit(WithLabel(Rows(400)))).Model.History!;
        Assert.Equal(TrainingEnd.EarlyStopped, history.End);
        Assert.All(history, epoch => Assert.InRange(epoch.ValidationAccuracy!.Value, 0.4, 1));
        Assert.True(history[^1].Accuracy > 0.9, history[^1].ToString());
    }

    /// <summary>Steps after the trainer may ask for the names before anything is fitted.</summary>
    [Theory]
    [InlineData(DataKind.Boolean)]
    [InlineData(DataKind.Single)]
    public void Names_of_labels_are_promised(DataKind kind)
    {
        string[] labels = ["IsSunny", "IsWarm", "IsWindy"];
        var rows = Rows(60);
        var named = labels.Aggregate(new EstimatorChain<ITransformer>(), (chain, label) => chain.Append<ITransformer>(_mlContext.Transforms.Conversion.ConvertType(label, outputKind: kind)))
            .Append<ITransformer>(_mlContext.Transforms.Concatenate("Label", labels)).Fit(rows).Transform(rows);
        PromisedSchema.Check(_mlContext.Transforms.DenseNeuralNet(Options()), named);
    }

    [Fact]
    public void Other_output_activations_are_refused() =>
        Assert.Contains("be sigmoid", Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNetMultiLabel(new DenseNeuralNetOptions { OutputActivation = Activation.Identity })).Message, StringComparison.Ordinal);

    private static DenseNeuralNetOptions Options() => new() { HiddenLayers = [16], NumberOfEpochs = 15, LearningRate = 0.01f, Seed = 1 };

    private IDataView Rows(int count)
    {
        var random = new Random(2);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [random.NextSingle(), random.NextSingle(), random.NextSingle(), random.NextSingle()];
            return new Weather { Features = x, Amount = x[3], IsSunny = x[0] > 0.5f, IsWarm = x[0] + x[1] > 1, IsWindy = x[2] * x[3] > 0.4f };
        }).ToArray());
    }

    private IDataView WithLabel(IDataView rows) => _mlContext.Transforms.Concatenate("Label", "IsSunny", "IsWarm", "IsWindy").Fit(rows).Transform(rows);

    private sealed class Weather
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public float Amount { get; set; }

        public bool IsSunny { get; set; }

        public bool IsWarm { get; set; }

        public bool IsWindy { get; set; }
    }

    private sealed class Forecast
    {
        public bool[] PredictedLabel { get; set; } = [];

        public float[] Probability { get; set; } = [];
    }

    private sealed class Numbers
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        [VectorType(2)]
        public float[] Label { get; set; } = [0, 0];

        [VectorType(2)]
        public bool[] PredictedLabel { get; set; } = [false, false];

        [VectorType(2)]
        public float[] Score { get; set; } = [0, 0];
    }

    private sealed class Scored
    {
        [VectorType(Labels)]
        public bool[] Label { get; set; } = [];

        [VectorType(Labels)]
        public bool[] PredictedLabel { get; set; } = [];

        [VectorType(Labels)]
        public float[] Score { get; set; } = [];
    }
}
