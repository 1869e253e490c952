using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.EstimatorContract;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests.Trainers;

/// <summary>Rows that belong together are measured with together: whoever has learned a patient's other visits knows the patient.</summary>
public class SamplingKeyTests
{
    private const int Patients = 60;
    private const int Visits = 12;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _warnings = [];

    public SamplingKeyTests() => _mlContext.Log += (_, e) => _warnings.AddRange(e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? [e.RawMessage] : []);

    public static MatrixTheoryData<int, float> Plans => new([1, 4], [0, 0.2f]);

    /// <summary>A patient is known by their features, and the labels follow no rule: what is held out by itself looks easy.</summary>
    [Theory]
    [MemberData(nameof(Plans))]
    public void Whole_groups_are_held_out(int networks, float fraction)
    {
        Assert.True(Accuracy(null) > 0.9);
        Assert.InRange(Accuracy(nameof(Visit.Patient)), 0.2, 0.75);

        double Accuracy(string? key)
        {
            var options = Options(key);
            (options.HiddenLayers, options.EnsembleSize, options.NumberOfEpochs, options.ValidationFraction, options.EarlyStopping) = ([64], networks, 80, fraction, new EarlyStopping(patience: 80));
            (options.LearningRate, options.RestoreBestWeights) = (0.02f, false);
            return _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(Rows()).Model.History![^1].ValidationAccuracy!.Value;
        }
    }

    [Fact]
    public void Keys_and_whole_numbers_name_the_same_groups()
    {
        var expected = Bits(nameof(Visit.Patient));
        Assert.Equal(expected, Bits(nameof(Visit.Number)));
        Assert.Equal(expected, Bits("Key"));
        Assert.NotEqual(expected, Bits(null));
        Assert.Empty(_warnings);

        List<string> Bits(string? key)
        {
            var rows = _mlContext.Transforms.Conversion.MapValueToKey("Key", nameof(Visit.Name)).Fit(Rows()).Transform(Rows());
            return Tasks.ScoreBits(_mlContext.Transforms.DenseNeuralNet(Options(key)).Fit(rows).Transform(rows));
        }
    }

    [Fact]
    public void A_validation_set_needs_no_such_column()
    {
        var validation = _mlContext.Transforms.DropColumns(nameof(Visit.Patient)).Fit(Rows()).Transform(Rows());
        Assert.NotNull(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(nameof(Visit.Patient))).Fit(Rows(), validation).Model.History![^1].ValidationLoss);
    }

    [Fact]
    public void Of_two_groups_one_is_held_out_and_of_one_none_with_a_warning()
    {
        var options = Options(nameof(Visit.Patient));
        options.EnsembleSize = 1;
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options);
        Assert.Equal(Patients * Visits / 2, trainer.Fit(Rows(row => (uint)(row % 2))).Model.History!.Settings.ValidationRows);
        Assert.Empty(_warnings);
        Assert.Equal(0, trainer.Fit(Rows(_ => 7)).Model.History!.Settings.ValidationRows);
        Assert.Contains("in the column 'Patient'", Assert.Single(_warnings), StringComparison.Ordinal);

        options.ValidationFraction = 0.2f;
        var error = Assert.Throws<ArgumentException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(Rows(_ => 7)));
        Assert.Contains("less than one of the 1 groups", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Without classes too, and where nobody says how many networks.</summary>
    [Fact]
    public void A_regression_of_one_group_holds_out_none()
    {
        var rows = new MadeDataView(100)
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, 2), row => new VBuffer<float>(2, [row, row % 7]))
            .Add("Label", NumberDataViewType.Single, row => (float)row * row)
            .Add("Patient", NumberDataViewType.UInt32, _ => 7u);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { SamplingKeyColumnName = "Patient", Seed = 1 }).Fit(rows).Model;
        Assert.Equal(0, model.History!.Settings.ValidationRows);
        Assert.Contains("in the column 'Patient'", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    /// <summary>One group holds all rows of a class; whoever left it out would hold the class to be impossible.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_class_that_one_group_has_alone_is_learned(int networks)
    {
        var rows = new MadeDataView(400)
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, 1), row => new VBuffer<float>(1, [row]))
            .Add("Label", new KeyDataViewType(typeof(uint), 3), row => row == 5 ? 3u : (uint)(row % 2 + 1))
            .Add("Group", NumberDataViewType.UInt32, row => (uint)(row % 10));
        for (var seed = 0; seed < 10; seed++)
        {
            var options = new DenseNeuralNetOptions { SamplingKeyColumnName = "Group", EnsembleSize = networks, Seed = seed, HiddenLayers = [4], NumberOfEpochs = 1, EarlyStopping = new EarlyStopping() };
            var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options).Fit(rows).Model;
            Assert.InRange(model.History!.Settings.ValidationRows, 40, 240);
        }
    }

    /// <summary>Other rows are held out then, which the model has learned.</summary>
    [Fact]
    public void A_model_that_held_out_single_rows_may_have_learned_those_of_a_group()
    {
        var first = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(null)).Fit(Rows()).Model;
        Assert.Contains("may have learned", _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(nameof(Visit.Patient))).Fit(Rows(), first).Model.History!.ValidationCaveat, StringComparison.Ordinal);
        var byPatients = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(nameof(Visit.Patient)));
        Assert.DoesNotContain("may have learned", $"{byPatients.Fit(Rows(), byPatients.Fit(Rows()).Model).Model.History!.ValidationCaveat}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column_is_told_of_before_anything_is_fitted()
    {
        var estimator = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options("Nobody"));
        Assert.Contains("'Nobody'", Assert.ThrowsAny<ArgumentException>(() => estimator.GetOutputSchema(PromisedSchema.ShapeOf(Rows().Schema))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_group_are_told_of()
    {
        var rows = new MadeDataView(100)
            .Add("Features", new VectorDataViewType(NumberDataViewType.Single, 1), row => new VBuffer<float>(1, [row]))
            .Add("Label", NumberDataViewType.Single, row => (float)row * row)
            .Add("Group", new KeyDataViewType(typeof(uint), 10), row => (uint)(row % 11));
        _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { SamplingKeyColumnName = "Group", NumberOfEpochs = 1 }).Fit(rows);
        Assert.Contains("with a missing group in 'Group'", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_columns_and_tasks_are_refused()
    {
        Says("Could not find sampling key column 'Missing'", new() { SamplingKeyColumnName = "Missing" });
        Says("Schema mismatch for sampling key column 'Name': expected a key, UInt32 or UInt64, got String. Conversion.MapValueToKey makes", new() { SamplingKeyColumnName = nameof(Visit.Name) });
        Says("be Memory or Auto where SamplingKeyColumnName is given", new() { SamplingKeyColumnName = nameof(Visit.Patient), DataCaching = DataCaching.Stream });
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Ranking.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { SamplingKeyColumnName = nameof(Visit.Patient) }));
        Assert.Contains("be null in a ranking", error.Message, StringComparison.Ordinal);

        void Says(string message, DenseNeuralNetOptions options) =>
            Assert.Contains(message, Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(Rows())).Message, StringComparison.Ordinal);
    }

    private static DenseNeuralNetOptions Options(string? key) => new() { SamplingKeyColumnName = key, HiddenLayers = [8], NumberOfEpochs = 3, EarlyStopping = new EarlyStopping(), Seed = 1 };

    /// <summary>The visits of patients, one patient after the other each time.</summary>
    private IDataView Rows(Func<int, uint>? patientOf = null)
    {
        var random = new Random(1);
        var patients = Enumerable.Range(0, Patients).Select(_ => (Features: Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble()).ToArray(), Label: random.Next(2) == 1)).ToArray();
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, Patients * Visits).Select(row =>
        {
            var patient = patients[row % Patients];
            var id = patientOf?.Invoke(row) ?? (uint)(row % Patients);
            return new Visit { Features = [.. patient.Features.Select(x => x + 0.01f * (float)random.NextDouble())], Label = patient.Label, Patient = id, Number = id + (1UL << 40), Name = $"patient {id}" };
        }).ToArray());
    }

    private sealed class Visit
    {
        [VectorType(8)]
        public float[] Features { get; init; } = [];

        public bool Label { get; init; }

        public uint Patient { get; init; }

        public ulong Number { get; init; }

        public string Name { get; init; } = "";
    }
}
