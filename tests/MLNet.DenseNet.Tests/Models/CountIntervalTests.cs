using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet.Tests;

/// <summary>Prediction intervals of counts and skewed amounts, which are the wider the larger the mean is.</summary>
public partial class CountIntervalTests
{
    private const float Confidence = 0.9f;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Means are large enough for counts to be nearly continuous: where 0 and 1 are all there is, no interval holds 90 %.</summary>
    [Theory]
    [InlineData("Poisson", 20)]
    [InlineData("gamma", 1)]
    [InlineData("gamma", 1e6)]
    [InlineData("Tweedie", 20)]
    public void As_many_values_are_inside_as_asked_for_small_and_for_large_means(string kind, double unit)
    {
        Func<double, Random, double> amount = kind switch { "Poisson" => MadeAmounts.Poisson, "gamma" => MadeAmounts.Gamma, _ => MadeAmounts.Tweedie };
        var (training, test) = (Rows(3000, seed: 1, unit, amount), Rows(8000, seed: 2, unit, amount));
        var rows = WithIntervals(Model(training, kind), test);
        Assert.All(rows, row => Assert.True(row.Lower >= 0 && row.Lower <= row.Score && row.Upper > row.Score && float.IsFinite(row.Upper)));

        var ordered = rows.OrderBy(row => row.Score).ToArray();
        var (low, high) = (ordered[..(ordered.Length / 2)], ordered[(ordered.Length / 2)..]);
        Assert.Equal(Confidence, Inside(rows), 0.025);
        Assert.Equal(Confidence, Inside(low), 0.04);
        Assert.Equal(Confidence, Inside(high), 0.04);

        // Intervals of one width, even that which holds as many of these very rows as asked, are too wide for the one half and too narrow for the other.
        var width = rows.Select(row => Math.Abs(row.Label - row.Score)).Order().ElementAt((int)(Confidence * rows.Length));
        Assert.InRange(low.Average(row => Math.Abs(row.Label - row.Score) <= width ? 1.0 : 0), 0.96, 1);
        Assert.InRange(high.Average(row => Math.Abs(row.Label - row.Score) <= width ? 1.0 : 0), 0.7, 0.85);
    }

    /// <summary>Rates of small exposures scatter more than the interval of one that does not know them, those of large exposures less. The guide says how much.</summary>
    [Fact]
    public void Intervals_of_rates_do_not_know_exposures()
    {
        var (training, test) = (Rates(3000, seed: 1), Rates(8000, seed: 2));
        var options = new DenseNeuralNetOptions { Loss = new PoissonLoss(), ExampleWeightColumnName = nameof(AmountRow.Weight), Seed = 1 };
        var rows = WithIntervals(_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_mlContext.Data.LoadFromEnumerable(training)), _mlContext.Data.LoadFromEnumerable(test));
        Assert.Equal(Confidence, Inside(rows), 0.025);
        var quarters = rows.Zip(test).OrderBy(row => row.Second.Weight).Select(row => row.First).Chunk(2000).Select(Inside);
        var told = FiguresOfRates().Match(File.ReadAllText(Path.Combine(Repository.Root, "src", "MLNet.DenseNet", "Guide.md"))).Groups.Values.Skip(1).Select(figure => double.Parse(figure.Value, CultureInfo.InvariantCulture) / 100);
        Assert.All(told.Zip([Inside(rows), .. quarters]), figure => Assert.Equal(figure.Second, figure.First, 0.005));
        Assert.Equal(5, told.Count());
    }

    /// <summary>ML.NET's expressions compute what the model does, before saving and after.</summary>
    [Theory]
    [InlineData("Poisson")]
    [InlineData("gamma")]
    [InlineData("Tweedie")]
    public void Columns_are_the_intervals_of_the_model(string kind)
    {
        var data = Rows(500, seed: 1, 1, MadeAmounts.Gamma);
        var model = Model(data, kind);
        var rows = WithIntervals(model, data);
        Assert.Contains(rows, row => row.Lower > 0);
        Assert.All(rows, row =>
        {
            var (lower, upper) = model.Model.PredictionInterval(row.Score, Confidence);
            Assert.Equal(lower, row.Lower, 1e-6f * upper);
            Assert.Equal(upper, row.Upper, 1e-6f * upper);
        });

        var loaded = SavedModel.Reload(model.Append(Intervals(model).Fit(model.Transform(data))), data.Schema);
        Assert.Equal(rows.Select(row => row.Upper), loaded.Transform(data).GetColumn<float>("UpperBound"));
        Assert.Equal(model.Model.PredictionInterval(3, 0.8f), ((DenseNeuralNetRegressionModelParameters)loaded.GetDenseNeuralNet()).PredictionInterval(3, 0.8f));
    }

    /// <summary>Features that are never followed by a count lead to means that are nearly 0.</summary>
    [Fact]
    public void Means_near_0_have_narrow_intervals()
    {
        var random = new Random(1);
        var data = _mlContext.Data.LoadFromEnumerable(MadeAmounts.Rows(2000, seed: 1, (_, _) => 0).Select(row =>
        {
            row.Label = row.Features[0] < 0 ? 0 : (float)MadeAmounts.Poisson(50 * row.Features[0], random);
            return row;
        }).ToArray());
        var rows = WithIntervals(Model(data, "Poisson"), data);
        Assert.All(rows, row => Assert.True(row.Lower >= 0 && row.Lower <= row.Upper && row.Upper < 200, $"{row}"));
        Assert.Contains(rows, row => row.Score < 0.01 && row.Upper < 1);
        Assert.InRange(Inside(rows), 0.9, 0.97);
    }

    [Fact]
    public void A_score_of_0_and_a_missing_one_are_told_as_such()
    {
        var model = Model(Rows(300, seed: 1, 1, MadeAmounts.Poisson), "Poisson").Model;
        Assert.Equal((0, 0), model.PredictionInterval(0));
        Assert.Equal((float.NaN, float.NaN), model.PredictionInterval(float.NaN));
        Assert.Equal("score", Assert.Throws<ArgumentOutOfRangeException>(() => model.PredictionInterval(-1)).ParamName);
        Assert.Contains("PredictionInterval gives that of a score", Assert.Throws<InvalidOperationException>(() => model.PredictionIntervalHalfWidth()).Message, StringComparison.Ordinal);
    }

    /// <summary>Where the model throws, expressions cannot.</summary>
    [Theory]
    [InlineData("Poisson")]
    [InlineData("gamma")]
    [InlineData("Tweedie")]
    public void Scores_that_no_model_puts_out_have_no_interval(string kind)
    {
        float[] scores = [-1, float.NegativeInfinity, float.PositiveInfinity, float.NaN, 0];
        var model = Model(Rows(300, seed: 1, 1, MadeAmounts.Gamma), kind);
        foreach (var score in scores[..3])
            Assert.Contains("must be finite and at least 0", Assert.Throws<ArgumentOutOfRangeException>("score", () => model.Model.PredictionInterval(score)).Message, StringComparison.Ordinal);
        var scored = _mlContext.Data.LoadFromEnumerable(scores.Select(score => new Scored { Score = score }).ToArray());
        var sure = Intervals(model).Fit(scored).Transform(scored);
        Assert.Equal([float.NaN, float.NaN, float.NaN, float.NaN, 0], sure.GetColumn<float>("LowerBound"));
        Assert.Equal([float.NaN, float.NaN, float.PositiveInfinity, float.NaN, 0], sure.GetColumn<float>("UpperBound"));
    }

    [Fact]
    public void Losses_of_errors_that_are_as_large_everywhere_keep_their_width()
    {
        var data = Rows(300, seed: 1, 1, MadeAmounts.Poisson);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { OutputActivation = Activation.Exponential, NumberOfEpochs = 5, ValidationFraction = 0.3f, Seed = 1 }).Fit(data).Model;
        var width = model.PredictionIntervalHalfWidth();
        Assert.Equal((1 - width, 1 + width), model.PredictionInterval(1));
        Assert.Equal((-width, width), model.PredictionInterval(0));
    }

    /// <summary>A model that an older version saved has errors as they are, whatever its loss.</summary>
    [Fact]
    public void Models_of_older_versions_have_intervals_of_one_width()
    {
        var data = Rows(300, seed: 1, 1, MadeAmounts.Poisson);
        var old = Model(data, "Poisson", Convert.FromHexString("4d4c4445010003000000030000000000003f0000803f00002040c45bb36b"));
        Assert.Equal(2.5f, old.PredictionIntervalHalfWidth(0.75f));
        Assert.Equal((7.5f, 12.5f), old.PredictionInterval(10, 0.75f));
    }

    [Fact]
    public void Where_nothing_is_predicted_of_many_larger_labels_there_are_no_intervals()
    {
        var data = Rows(300, seed: 1, 1, MadeAmounts.Poisson);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        HeldOutErrorsFormat.Write(new HeldOutErrors(9, [0, 0, 0, 1, 1, 1, 1, float.MaxValue, float.MaxValue], DeviationPower: 0.5f), writer);
        var model = Model(data, "Poisson", stream.ToArray());
        Assert.Equal((2, 6), model.PredictionInterval(4, 0.7f));
        Assert.Contains("the model predicts 0, so no width holds 0.8 of them", Assert.Throws<InvalidOperationException>(() => model.PredictionInterval(4, 0.8f)).Message, StringComparison.Ordinal);
    }

    private static double Inside(Row[] rows) => rows.Average(row => row.Label >= row.Lower && row.Label <= row.Upper ? 1.0 : 0);

    private Row[] WithIntervals(RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> model, IDataView data)
    {
        var scored = model.Transform(data);
        var sure = Intervals(model).Fit(scored).Transform(scored);
        return [.. sure.GetColumn<float>("Label").Zip(sure.GetColumn<float>("Score"), sure.GetColumn<float>("LowerBound")).Zip(sure.GetColumn<float>("UpperBound"), (row, upper) => new Row(row.First, row.Second, row.Third, upper))];
    }

    private IEstimator<ITransformer> Intervals(RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> model) => _mlContext.Transforms.CalculatePredictionInterval(model, Confidence);

    private IDataView Rows(int count, int seed, double unit, Func<double, Random, double> amount) =>
        _mlContext.Data.LoadFromEnumerable(MadeAmounts.Rows(count, seed, (rate, random) => amount(unit * rate, random)));

    private static AmountRow[] Rates(int count, int seed)
    {
        var random = new Random(seed);
        var rows = MadeAmounts.Rows(count, seed, (_, _) => 0);
        foreach (var row in rows)
        {
            row.Weight = (float)Math.Exp(4 * random.NextDouble() - 2);
            row.Label = (float)(MadeAmounts.Poisson(row.Weight * row.Rate, random) / row.Weight);
        }

        return rows;
    }

    private RegressionPredictionTransformer<DenseNeuralNetRegressionModelParameters> Model(IDataView data, string kind)
    {
        Loss loss = kind switch { "Poisson" => new PoissonLoss(), "gamma" => new GammaLoss(), _ => new TweedieLoss() };
        return _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Loss = loss, Seed = 1 }).Fit(data);
    }

    /// <summary>A saved model with other errors than its own.</summary>
    private DenseNeuralNetRegressionModelParameters Model(IDataView data, string kind, byte[] errors)
    {
        var path = Path.GetTempFileName();
        try
        {
            _mlContext.Model.Save(Model(data, kind), data.Schema, path);
            string name;
            using (var zip = ZipFile.OpenRead(path))
                name = zip.Entries.Single(entry => entry.Name == "HeldOutErrors").FullName;
            SavedModel.Replace(path, name, errors);
            return (DenseNeuralNetRegressionModelParameters)_mlContext.Model.Load(path, out _).GetDenseNeuralNet();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [GeneratedRegex(@"([\d.]+) % of the rates were inside,\s+but by quarters of the exposure ([\d.]+), ([\d.]+), ([\d.]+) and ([\d.]+) %")]
    private static partial Regex FiguresOfRates();

    private sealed class Scored
    {
        public float Score { get; set; }
    }

    private sealed record Row(float Label, float Score, float Lower, float Upper);
}
