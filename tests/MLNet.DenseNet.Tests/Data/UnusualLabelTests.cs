using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Labels as they come: classes without rows, without training rows, or in great number; numbers that are all the same.</summary>
public class UnusualLabelTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<DataCaching> Cachings => [DataCaching.Memory, DataCaching.Stream];

    [Theory]
    [MemberData(nameof(Cachings))]
    public void A_key_may_have_values_that_no_row_has(DataCaching caching)
    {
        var rows = Sample.Rows(300);
        var model = Keys(["low", "unused", "middle", "other", "high"]).Append(Net(o => (o.DataCaching, o.ClassWeights) = (caching, ClassWeights.Balanced))).Fit(Load(rows));
        var metrics = _mlContext.MulticlassClassification.Evaluate(model.Transform(Load(rows)));
        Assert.True(metrics.MicroAccuracy > 0.9, $"accuracy {metrics.MicroAccuracy}");
        Assert.Equal(5, metrics.ConfusionMatrix.NumberOfClasses);
        Assert.All(Scores(model.Transform(Load(rows))), scores => Assert.Equal(5, scores.Length));
    }

    [Theory]
    [MemberData(nameof(Cachings))]
    public void A_class_may_be_absent_from_the_training_rows_and_there_in_the_validation_set(DataCaching caching)
    {
        var keys = Keys(["low", "middle", "high"]);
        var train = keys.Fit(Load([])).Transform(Load(Sample.Rows(300).Where(row => row.Category != "middle")));
        var validation = keys.Fit(Load([])).Transform(Load(Sample.Rows(100, seed: 2)));
        var options = new DenseNeuralNetOptions { HiddenLayers = [16], NumberOfEpochs = 20, LearningRate = 0.01f, Seed = 1, DataCaching = caching, ClassWeights = ClassWeights.Balanced };
        var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options).Fit(train, validation);
        Assert.All(model.Model.History!, epoch => Assert.True(double.IsFinite(epoch.ValidationLoss!.Value)));
        Assert.True(_mlContext.MulticlassClassification.Evaluate(model.Transform(train)).MicroAccuracy > 0.95);
    }

    [Theory]
    [MemberData(nameof(Cachings))]
    public void One_class_alone_is_refused(DataCaching caching)
    {
        var one = Load(Sample.Rows(200).Where(row => row.Category == "low"));
        var multiclass = Assert.Throws<InvalidOperationException>(() => Keys(["low", "middle", "high"]).Append(Net(o => o.DataCaching = caching)).Fit(one));
        Assert.Contains("usable rows have the same class in the label column 'Label'", multiclass.Message, StringComparison.Ordinal);
        var binary = Assert.Throws<InvalidOperationException>(
            () => Tasks.Pipeline(_mlContext, Tasks.Binary, o => o.DataCaching = caching).Fit(Load(Sample.Rows(200).Where(row => !row.Flag))));
        Assert.Contains("same class in the label column 'Flag'", binary.Message, StringComparison.Ordinal);
    }

    /// <summary>Squared errors hardly see the others then.</summary>
    [Theory]
    [InlineData(1e9f, true)]
    [InlineData(-1e9f, true)]
    [InlineData(3, false)]
    public void A_label_far_from_all_others_is_told(float label, bool warns)
    {
        var log = new List<string>();
        _mlContext.Log += (_, e) => log.Add(e.Message);
        var rows = Sample.Rows(300);
        rows[17].Number = label;
        foreach (var loss in (Loss?[])[new HuberLoss(), null])
        {
            Assert.DoesNotContain(log, line => line.Contains("Row 17, of the usable ones", StringComparison.Ordinal));
            _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), Loss = loss, HiddenLayers = [4], NumberOfEpochs = 1, Seed = 1 }).Fit(Load(rows));
        }

        Assert.Equal(warns, log.Any(line => line.Contains("Row 17, of the usable ones counted from 0, has the label", StringComparison.Ordinal) && line.Contains("in the column 'Number'", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Cachings))]
    public void A_number_that_is_always_the_same_is_learned(DataCaching caching)
    {
        var rows = Sample.Rows(200);
        rows.ForEach(row => row.Number = 3);
        var epochs = new List<EpochSummary>();
        var model = Tasks.Pipeline(_mlContext, Tasks.Regression, o => (o.NumberOfEpochs, o.DataCaching, o.ValidationFraction, o.EpochCompleted) = (150, caching, 0.2f, epochs.Add)).Fit(Load(rows));
        Assert.All(model.Transform(Load(rows)).GetColumn<float>("Score"), score => Assert.Equal(3, score));
        // There is no variation to explain.
        Assert.All(epochs, epoch => Assert.Equal((null, null), (epoch.RSquared, epoch.ValidationRSquared)));
    }

    [Theory]
    [MemberData(nameof(Cachings))]
    public void Ten_thousand_classes_are_learned(DataCaching caching)
    {
        const int Classes = 10_000;
        // A class is where its one number lies, digit by digit.
        var rows = Enumerable.Range(0, 2 * Classes).Select(i => i * 7919 % Classes).Select(c => new Digits
        {
            Label = (uint)c,
            Features = [.. Enumerable.Range(0, 40).Select(j => (c / (int)Math.Pow(10, j / 10) % 10) == j % 10 ? 1f : 0f)],
        }).ToArray();
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var losses = new List<double>();
        var model = Net(o => (o.DataCaching, o.HiddenLayers, o.NumberOfEpochs, o.EpochCompleted) = (caching, [], 4, epoch => losses.Add(epoch.Loss))).Fit(data);
        Assert.True(losses[^1] < 0.7 * Math.Log(Classes), $"losses {string.Join(", ", losses)}");
        var scores = Scores(model.Transform(_mlContext.Data.TakeRows(data, 10)));
        Assert.All(scores, s => Assert.Equal((Classes, 1.0), (s.Length, Math.Round(s.Sum(p => (double)p), 3))));
    }

    private static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];

    private IDataView Load(IEnumerable<Sample> rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private Microsoft.ML.Transforms.ValueToKeyMappingEstimator Keys(string[] values) => _mlContext.Transforms.Conversion.MapValueToKey(
        "Label", nameof(Sample.Category), keyData: _mlContext.Data.LoadFromEnumerable(values.Select(value => new { Category = value })));

    private DenseNeuralNetEstimator Net(Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [16], NumberOfEpochs = 30, LearningRate = 0.01f, Seed = 1 };
        change(options);
        return _mlContext.Transforms.DenseNeuralNet(options);
    }

    private sealed class Digits
    {
        [KeyType(10_000)]
        public uint Label { get; set; }

        [VectorType(40)]
        public float[] Features { get; set; } = [];
    }
}
