using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet.Tests;

/// <summary>Intervals around the predictions of regressions, from the rows that training held out.</summary>
public class PredictionIntervalTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    [InlineData(0.98f)]
    public void As_many_values_are_inside_as_asked(float confidence)
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(seed: 1).Fit(Rows(2000, seed: 1));
        var test = Rows(4000, seed: 2);
        var interval = _mlContext.Transforms.CalculatePredictionInterval(model, confidence);
        var scored = interval.Fit(model.Transform(test)).Transform(model.Transform(test));
        var (labels, lower, upper) = (scored.GetColumn<float>("Label"), scored.GetColumn<float>("LowerBound"), scored.GetColumn<float>("UpperBound"));
        var inside = labels.Zip(lower, upper).Average(row => row.First >= row.Second && row.First <= row.Third ? 1.0 : 0);
        Assert.InRange(inside, confidence - 0.03, confidence + 0.03);
    }

    [Theory]
    [InlineData("folds")]
    [InlineData("fraction")]
    [InlineData("set")]
    [InlineData("stream")]
    public void Any_rows_held_out_will_do(string kind)
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [16], NumberOfEpochs = kind == "folds" ? null : 5, EnsembleSize = kind == "folds" ? 3 : 1, Seed = 1 };
        if (kind is "fraction" or "stream")
            options.ValidationFraction = 0.3f;
        if (kind == "set")
            options.ValidationSet = Rows(300, seed: 3);
        if (kind == "stream")
            options.DataCaching = DataCaching.Stream;
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(Rows(1000, seed: 1)).Model;
        // The noise is uniform over [-1, 1]: 90 % of it is within 0.9.
        Assert.InRange(model.PredictionIntervalHalfWidth(), 0.8f, 1.1f);
    }

    [Fact]
    public void They_are_saved_with_the_model()
    {
        var rows = Rows(500, seed: 1);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(seed: 1).Fit(rows);
        var pipeline = model.Append(_mlContext.Transforms.CalculatePredictionInterval(model, 0.8f, "From", "To").Fit(model.Transform(rows)));
        var loaded = SavedModel.Reload(pipeline, rows.Schema);
        Assert.Equal(pipeline.Transform(rows).GetColumn<float>("To"), loaded.Transform(rows).GetColumn<float>("To"));
        Assert.Equal(model.Model.PredictionIntervalHalfWidth(0.7f), ((DenseNeuralNetRegressionModelParameters)loaded.GetDenseNeuralNet()).PredictionIntervalHalfWidth(0.7f));
    }

    /// <summary>ML.NET's expressions read numbers in the current culture, when they are made and when they are loaded.</summary>
    [Theory]
    [InlineData("de-DE")]
    [InlineData("sv-SE")]
    [InlineData("ar-SA")]
    public void They_are_the_same_in_any_culture(string culture)
    {
        var rows = Rows(300, seed: 1);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(seed: 1).Fit(rows);
        var expected = UpperBounds();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, UpperBounds());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        float[] UpperBounds() => [.. SavedModel.Reload(model.Append(_mlContext.Transforms.CalculatePredictionInterval(model).Fit(model.Transform(rows))), rows.Schema).Transform(rows).GetColumn<float>("UpperBound")];
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    [InlineData(0.1f)]
    [InlineData(12.345678f)]
    [InlineData(1e-30f)]
    [InlineData(float.Epsilon)]
    [InlineData(float.MaxValue)]
    public void Factors_are_the_number_to_the_bit(float number)
    {
        var words = PredictionIntervalCatalog.Factors(number).Split(' ');
        var value = Whole(words[0]);
        for (var i = 1; i < words.Length; i += 2)
            value = words[i] == "*" ? value * Whole(words[i + 1]) : value / Whole(words[i + 1]);
        Assert.Equal(number, value);

        static float Whole(string word)
        {
            Assert.EndsWith("f", word, StringComparison.Ordinal);
            return float.Parse(word[..^1], NumberStyles.None, CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public void Rows_that_may_have_been_learned_before_tell_nothing()
    {
        var rows = Rows(300, seed: 1);
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [8], NumberOfEpochs = 2, Seed = 1 });
        var measuring = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [8], NumberOfEpochs = 2, ValidationFraction = 0.2f, Seed = 1 });
        Assert.Throws<InvalidOperationException>(() => measuring.Fit(rows, trainer.Fit(rows).Model).Model.PredictionIntervalHalfWidth());
        Assert.True(measuring.Fit(rows, measuring.Fit(rows).Model).Model.PredictionIntervalHalfWidth() > 0);
        Assert.True(trainer.Fit(rows, Rows(100, seed: 2), trainer.Fit(rows).Model).Model.PredictionIntervalHalfWidth() > 0);
    }

    /// <summary>However many trainings ago that was, and also where another part of the same rows was held out, as by each network of an ensemble.</summary>
    [Fact]
    public void What_may_have_been_learned_is_known_from_training_to_training()
    {
        var rows = Rows(300, seed: 1);
        var (second, half) = (Fit(0.2f, from: Fit(0).Model), Fit(0.5f).Model);
        HoldsNothing(second.Model);
        HoldsNothing(Fit(0.2f, from: (DenseNeuralNetRegressionModelParameters)SavedModel.Reload(second, rows.Schema).GetDenseNeuralNet()).Model);
        HoldsNothing(Fit(0.2f, from: half).Model);
        Assert.True(Fit(0.5f, from: half).Model.PredictionIntervalHalfWidth() > 0);
        // Of other rows, nothing is known.
        Assert.True(Fit(0.2f, from: half, Rows(200, seed: 2)).Model.PredictionIntervalHalfWidth() > 0);
        HoldsNothing(Fit(0.2f, from: Trainer(new DenseNeuralNetOptions { EnsembleSize = 2 }).Fit(rows).Model, networks: 2).Model);

        RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> Fit(float fraction, DenseNeuralNetRegressionModelParameters? from = null, IDataView? of = null, int networks = 1) =>
            Trainer(new DenseNeuralNetOptions { NumberOfEpochs = 2, ValidationFraction = fraction, EnsembleSize = networks }).Fit(of ?? rows, null, from);

        DenseNeuralNetRegressionTrainer Trainer(DenseNeuralNetOptions options)
        {
            (options.HiddenLayers, options.Seed) = ([8], 1);
            return _mlContext.Regression.Trainers.DenseNeuralNet(options);
        }

        static void HoldsNothing(DenseNeuralNetRegressionModelParameters model)
        {
            Assert.Contains("may have learned", Assert.Throws<InvalidOperationException>(() => model.PredictionIntervalHalfWidth()).Message, StringComparison.Ordinal);
            Assert.Contains("may have learned the rows held out now", model.History!.ValidationCaveat, StringComparison.Ordinal);
            Assert.Contains(model.History.ValidationCaveat!, model.History.Verdict.Evidence);
        }
    }

    [Theory]
    [InlineData("", "To", "Score", "lowerColumnName")]
    [InlineData("From", "", "Score", "upperColumnName")]
    [InlineData("From", "To", "", "scoreColumnName")]
    [InlineData("End", "End", "Score", "lowerColumnName")]
    [InlineData("Score", "To", "Score", "lowerColumnName")]
    public void Columns_that_cannot_be_told_apart_are_refused(string lower, string upper, string score, string parameter)
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [], NumberOfEpochs = 1, ValidationFraction = 0.2f, Seed = 1 }).Fit(Rows(100, seed: 1));
        Assert.Throws<ArgumentException>(parameter, () => _mlContext.Transforms.CalculatePredictionInterval(model, 0.8f, lower, upper, score));
    }

    /// <summary>How many of them are read after a cancellation depends on how far a thread was ahead.</summary>
    [Fact]
    public void Streamed_rows_of_a_canceled_training_tell_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        var options = new DenseNeuralNetOptions { HiddenLayers = [8], NumberOfEpochs = 20, EnsembleSize = 1, Seed = 1, DataCaching = DataCaching.Stream, ValidationSet = Rows(300, seed: 3) };
        (options.CancellationToken, options.CancellationBehavior, options.EpochCompleted) = (cancellation.Token, CancellationBehavior.ReturnModel, _ => cancellation.Cancel());
        options.DataLimits = options.DataLimits with { HeldOut = 0 };
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(Rows(300, seed: 1)).Model;
        Assert.Equal(TrainingEnd.Canceled, model.History!.End);
        Assert.Throws<InvalidOperationException>(() => model.PredictionIntervalHalfWidth());
    }

    [Fact]
    public void Without_rows_held_out_there_is_none()
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(numberOfEpochs: 1).Fit(Rows(100, seed: 1));
        Assert.Contains("ValidationFraction", Assert.Throws<InvalidOperationException>(() => model.Model.PredictionIntervalHalfWidth()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _mlContext.Transforms.CalculatePredictionInterval(model));
    }

    [Fact]
    public void What_makes_no_sense_is_an_error()
    {
        var options = new DenseNeuralNetOptions { NumberOfEpochs = 1, ValidationFraction = 0.2f, Seed = 1 };
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(Rows(100, seed: 1)).Model;
        foreach (var confidence in (float[])[0, 1, -1, float.NaN])
            Assert.Throws<ArgumentOutOfRangeException>("confidence", () => model.PredictionIntervalHalfWidth(confidence));
        Assert.Contains("20 rows", Assert.Throws<ArgumentOutOfRangeException>("confidence", () => model.PredictionIntervalHalfWidth(0.97f)).Message, StringComparison.Ordinal);
        Assert.True(model.PredictionIntervalHalfWidth(0.95f) > 0);

        var rows = _mlContext.Data.LoadFromEnumerable(Sample.Rows(100));
        var binary = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(nameof(Sample.Flag), numberOfEpochs: 1).Fit(rows);
        Assert.Throws<ArgumentException>("model", () => _mlContext.Transforms.CalculatePredictionInterval(binary));
    }

    /// <summary>float's 0.99 and 0.8 are a little more, which must not count.</summary>
    [Theory]
    [InlineData(99, 0.99f)]
    [InlineData(4, 0.8f)]
    [InlineData(9, 0.7f)]
    public void A_confidence_is_what_is_written(int heldOut, float confidence)
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [4], NumberOfEpochs = 1, ValidationSet = Rows(heldOut, seed: 2), Seed = 1 };
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(Rows(50, seed: 1));
        var scored = model.Transform(options.ValidationSet);
        var errors = scored.GetColumn<float>("Label").Zip(scored.GetColumn<float>("Score"), (label, score) => Math.Abs(label - score)).Order().ToArray();
        Assert.Equal(errors[(int)Math.Round((heldOut + 1) * confidence) - 1], model.Model.PredictionIntervalHalfWidth(confidence), 1e-5f);
    }

    /// <summary>What the message says can be asked for.</summary>
    [Theory]
    [InlineData(2, "up to 0.6666.")]
    [InlineData(20, "up to 0.9523.")]
    [InlineData(99, "up to 0.99.")]
    [InlineData(1999, "up to 0.9995.")]
    public void The_highest_confidence_is_told(int heldOut, string most)
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [4], NumberOfEpochs = 1, ValidationSet = Rows(heldOut, seed: 2), Seed = 1 };
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(Rows(50, seed: 1)).Model;
        Assert.Contains(most, Assert.Throws<ArgumentOutOfRangeException>("confidence", () => model.PredictionIntervalHalfWidth(0.9999f)).Message, StringComparison.Ordinal);
        Assert.True(model.PredictionIntervalHalfWidth(float.Parse(most[6..^1], CultureInfo.InvariantCulture)) > 0);
    }

    [Fact]
    public void Damaged_errors_are_refused()
    {
        Assert.Contains("do not ascend", Refused(new HeldOutErrors(3, [1, 3, 2])), StringComparison.Ordinal);
        Assert.Contains("do not ascend", Refused(new HeldOutErrors(3, [1, float.NaN])), StringComparison.Ordinal);
        Assert.Contains("do not ascend", Refused(new HeldOutErrors(1, [-1])), StringComparison.Ordinal);
        Assert.Contains("there are 2 of 1 rows", Refused(new HeldOutErrors(1, [1, 2])), StringComparison.Ordinal);
        Assert.Contains("there are 0 of 1 rows", Refused(new HeldOutErrors(1, [])), StringComparison.Ordinal);

        static string Refused(HeldOutErrors errors) => Assert.Throws<FormatException>(() => Read(Written(errors))).Message;
    }

    /// <summary>The bytes of versions before errors could be divided, which are still written where they are not.</summary>
    [Fact]
    public void Errors_of_older_versions_are_read()
    {
        var bytes = Convert.FromHexString("4d4c4445010003000000030000000000003f0000803f00002040c45bb36b");
        var errors = new HeldOutErrors(3, [0.5f, 1, 2.5f]);
        Assert.Equal(bytes, Written(errors));
        Assert.Equivalent(errors, Read(bytes), strict: true);
    }

    [Fact]
    public void Errors_that_are_divided_say_by_what()
    {
        var errors = new HeldOutErrors(3, [0.5f, 1, 2.5f], DeviationPower: 0.75f);
        var bytes = Convert.FromHexString("4d4c444502000000403f03000000030000000000003f0000803f0000204086f7130c");
        Assert.Equal(bytes, Written(errors));
        Assert.Equivalent(errors, Read(bytes), strict: true);
        for (var place = 0; place < bytes.Length; place++)
            Assert.Throws<FormatException>(() => Read([.. bytes.Select((value, i) => i == place ? (byte)(value ^ 1) : value)]));
        foreach (var power in (float[])[-1, 1.5f, float.NaN])
            Assert.Contains("to the power", Assert.Throws<FormatException>(() => Read(Written(errors with { DeviationPower = power }))).Message, StringComparison.Ordinal);
        bytes[4] = 3;
        Assert.Contains("of version 3; this library reads versions 1 to 2", Assert.Throws<FormatException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    private static byte[] Written(HeldOutErrors errors)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        HeldOutErrorsFormat.Write(errors, writer);
        return stream.ToArray();
    }

    private static HeldOutErrors Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return HeldOutErrorsFormat.Read(reader);
    }

    private IDataView Rows(int count, int seed)
    {
        var random = new Random(seed);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [random.NextSingle(), random.NextSingle(), random.NextSingle()];
            return new Row { Features = x, Label = (3 * x[0]) + x[1] + (2 * random.NextSingle()) - 1 };
        }).ToArray());
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
