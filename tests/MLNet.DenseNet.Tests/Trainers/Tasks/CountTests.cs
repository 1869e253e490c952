using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Regressions of counts and skewed amounts, whose logarithm the network learns, from made rates that are known.</summary>
public class CountTests
{
    private const int TrainingRows = 2000;
    private const int TestRows = 5000;

    // What one sample of rows brings differs by a quarter from what another one does.
    private const int Samples = 4;

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Poisson_loss_recovers_rates_better_than_squared_errors()
    {
        var (ofRates, ofPoisson, ofSquares) = (0.0, 0.0, 0.0);
        for (var sample = 0; sample < Samples; sample++)
        {
            var (training, test) = Drawn(sample, TrainingRows, MadeAmounts.Poisson);
            ofRates += Deviance(test, [.. test.Select(row => row.Rate)]) / Samples;
            ofPoisson += Deviance(test, Scores(Trained(training, new PoissonLoss()), test)) / Samples;
            ofSquares += Deviance(test, Scores(Trained(training, new MeanSquaredError()), test)) / Samples;
        }

        // What the true rates leave is noise, which nobody predicts.
        Assert.InRange(ofRates, 0.4, 0.6);
        Assert.InRange(ofPoisson - ofRates, 0, 0.015);
        Assert.True(ofPoisson - ofRates < 0.9 * (ofSquares - ofRates), $"excess deviance {ofPoisson - ofRates}, of squared errors {ofSquares - ofRates}");
    }

    /// <summary>Training begins at the mean, so that no unit is far away.</summary>
    [Theory]
    [InlineData("half Poisson deviance", 1000, DataCaching.Memory)]
    [InlineData("half Poisson deviance", 1000, DataCaching.Stream)]
    [InlineData("half Poisson deviance", 1e9, DataCaching.Memory)]
    [InlineData("half Poisson deviance", 1e-7, DataCaching.Memory)]
    [InlineData("half gamma deviance", 1e6, DataCaching.Memory)]
    [InlineData("half gamma deviance", 1e-6, DataCaching.Memory)]
    [InlineData("half Tweedie deviance, variance power 1.5", 1e5, DataCaching.Memory)]
    [InlineData("half Tweedie deviance, variance power 1.5", 1e-4, DataCaching.Memory)]
    public void Amounts_of_any_size_are_learned(string name, double unit, DataCaching caching)
    {
        var loss = Losses.Single(kind => kind.ToString() == name);
        var amount = (double rate, Random random) => loss is PoissonLoss && unit >= 1 ? MadeAmounts.Poisson(rate * unit, random) : unit * MadeAmounts.Gamma(rate, random);
        var (training, test) = (MadeAmounts.Rows(TrainingRows, seed: 1, amount), MadeAmounts.Rows(TestRows, seed: 2, amount));
        var model = Trained(training, loss, options => options.DataCaching = caching);
        Assert.Equal("exponential", model.Layers[^1].Layer.OutputActivation!.Name);
        var error = Scores(model, test).Zip(test, (score, row) => Math.Abs(Math.Log(score / (row.Rate * unit)))).Average();
        Assert.InRange(error, 0, 0.08);
        Assert.InRange(model.History![^1].RSquared!.Value, 0.3, 1);
    }

    [Fact]
    public void Training_begins_at_the_mean_target_of_each_output()
    {
        var rows = MadeAmounts.Rows(200, seed: 1, MadeAmounts.Poisson).Select(row => new Several { Features = row.Features, Label = [row.Label, 1e6f * row.Label, 0] }).ToArray();
        var model = _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions
        {
            Loss = new PoissonLoss(),
            NumberOfEpochs = 1,
            LearningRate = 1e-9f,
            EnsembleSize = 2,
            NumericEmbedding = NumericEmbedding.Off,
            Seed = 1,
        }).Fit(_mlContext.Data.LoadFromEnumerable(rows)).Model;
        var mean = rows.Average(row => row.Label[0]);
        foreach (var member in ((IDenseNeuralNetModel)model).Network.Members)
        {
            var bias = member.Parameters[^1].ToArray();
            Assert.Equal([Math.Log(mean), Math.Log(1e6 * mean), 0], bias.Select(value => (double)value), (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    [Fact]
    public void Several_outputs_are_learned()
    {
        var rows = MadeAmounts.Rows(TrainingRows, seed: 1, MadeAmounts.Poisson);
        var both = _mlContext.Data.LoadFromEnumerable(rows.Select(row => new Several { Features = row.Features, Label = [row.Label, (float)(3 / (row.Rate + 1)), 1] }).ToArray());
        var scores = _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(new DenseNeuralNetOptions { Loss = new PoissonLoss(), Seed = 1 }).Fit(both).Transform(both).GetColumn<float[]>("Score").ToArray();
        Assert.InRange(scores.Zip(rows, (score, row) => Math.Abs(Math.Log(score[0] / row.Rate))).Average(), 0, 0.12);
        Assert.InRange(scores.Zip(rows, (score, row) => Math.Abs(Math.Log(score[1] / (3 / (row.Rate + 1))))).Average(), 0, 0.06);
        Assert.InRange(scores.Average(score => Math.Abs(Math.Log(score[2]))), 0, 0.02);
    }

    /// <summary>Counts over an exposure, divided by it and weighted with it: the predictions are rates, and add up to the counts.</summary>
    [Fact]
    public void Exposures_are_weights()
    {
        var random = new Random(4);
        var rows = MadeAmounts.Rows(TrainingRows, seed: 1, (rate, _) => 0);
        foreach (var row in rows)
        {
            row.Weight = (float)Math.Exp(4 * random.NextDouble() - 2);
            row.Label = (float)(MadeAmounts.Poisson(row.Weight * row.Rate, random) / row.Weight);
        }

        var scores = Scores(Trained(rows, new PoissonLoss(), options => options.ExampleWeightColumnName = nameof(AmountRow.Weight)), rows);
        Assert.InRange(scores.Zip(rows, (score, row) => Math.Abs(Math.Log(score / row.Rate))).Average(), 0, 0.08);
        Assert.Equal(1, scores.Zip(rows, (score, row) => score * row.Weight).Sum() / rows.Sum(row => row.Label * row.Weight), 0.03);
    }

    /// <summary>A training that learns nothing tells the losses of the rates that it begins with: divided by the exposure and weighted with its power 2 - p, they are those of amounts and of rates times exposures, to which an offset of logarithms leads.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1.2f)]
    [InlineData(1.5f)]
    [InlineData(1.9f)]
    [InlineData(2)]
    public void Rates_weighted_by_their_exposure_have_the_losses_of_amounts(float power)
    {
        Loss loss = power == 1 ? new PoissonLoss() : power == 2 ? new GammaLoss() : new TweedieLoss(power);
        var random = new Random(4);
        var rows = MadeAmounts.Rows(300, seed: 1, (rate, _) => 0);
        double[] exposures = [.. rows.Select(_ => Math.Exp(4 * random.NextDouble() - 2))];
        double[] amounts = [.. rows.Select((row, i) => power == 2 ? MadeAmounts.Gamma(exposures[i] * row.Rate, random) : MadeAmounts.Poisson(exposures[i] * row.Rate, random))];
        for (var i = 0; i < rows.Length; i++)
            (rows[i].Label, rows[i].Weight) = ((float)(amounts[i] / exposures[i]), (float)Math.Pow(exposures[i], 2 - power));
        // Of amounts above 0, rates need no weight.
        var model = Trained(rows, loss, options =>
            (options.HiddenLayers, options.NumberOfEpochs, options.LearningRate, options.ExampleWeightColumnName) = ([8], 1, 1e-9f, power == 2 ? null : nameof(AmountRow.Weight)));

        var expected = Scores(model, rows).Select((rate, i) => Deviance(power, amounts[i], exposures[i] * rate)).Sum();
        Assert.Equal(1, model.History![^1].Loss * rows.Sum(row => power == 2 ? 1 : row.Weight) / expected, 1e-5);
    }

    [Fact]
    public void Quantiles_hold_their_shares_of_new_rows()
    {
        var (between, below) = (0.0, 0.0);
        for (var sample = 0; sample < Samples; sample++)
        {
            var (rows, test) = Drawn(sample, TestRows, Noisy);
            var (low, high) = (Scores(Trained(rows, new QuantileLoss(0.1f)), test), Scores(Trained(rows, new QuantileLoss(0.9f)), test));
            between += test.Where((row, i) => row.Label >= low[i] && row.Label <= high[i]).Count() / (double)(TestRows * Samples);
            below += test.Where((row, i) => row.Label < low[i]).Count() / (double)(TestRows * Samples);
        }

        Assert.InRange(between, 0.78, 0.82);
        Assert.InRange(below, 0.08, 0.12);
        var training = Drawn(0, TestRows, Noisy).Training;
        // A quantile is off the mean on purpose: it is not judged by how near it comes to it.
        Assert.All(Trained(training, new QuantileLoss(0.9f)).History!, epoch => Assert.Null(epoch.RSquared));
        Assert.All(Trained(training, new QuantileLoss(0.5f)).History!, epoch => Assert.NotNull(epoch.RSquared));

        // Whose spread is not that of a normal distribution, and grows with the rate.
        static double Noisy(double rate, Random random) => rate * (1 - Math.Log(1 - random.NextDouble()));
    }

    [Theory]
    [InlineData("half Poisson deviance", -1, "of at least 0", DataCaching.Memory)]
    [InlineData("half Poisson deviance", -1, "of at least 0", DataCaching.Stream)]
    [InlineData("half Tweedie deviance, variance power 1.5", -1, "of at least 0", DataCaching.Memory)]
    [InlineData("half gamma deviance", 0, "above 0", DataCaching.Memory)]
    public void Labels_out_of_range_are_named(string name, float wrong, string expected, DataCaching caching)
    {
        var rows = MadeAmounts.Rows(30, seed: 1, (rate, _) => rate);
        rows[17].Label = wrong;
        var error = Assert.Throws<ArgumentException>(() => Trained(rows, Losses.Single(kind => kind.ToString() == name), options => options.DataCaching = caching));
        Assert.StartsWith(FormattableString.Invariant($"Row 17, of the usable ones counted from 0, has the target {wrong}; the loss {name} needs targets {expected}."), error.Message, StringComparison.Ordinal);
    }

    /// <summary>Rows held out are counted too, and the wrong one may be one of them.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void Labels_out_of_range_are_named_by_their_place_in_the_data_whichever_rows_are_held_out(DataCaching caching)
    {
        for (var wrong = 0; wrong < 40; wrong++)
        {
            var rows = MadeAmounts.Rows(40, seed: 1, (rate, _) => rate);
            rows[wrong].Label = -1;
            // It is not usable, so that it does not count.
            rows[(wrong + 1) % 40].Label = float.NaN;
            var error = Assert.Throws<ArgumentException>(() => Trained(rows, new PoissonLoss(), options => (options.DataCaching, options.ValidationFraction, options.NumberOfEpochs) = (caching, 0.4f, 1)));
            Assert.StartsWith(FormattableString.Invariant($"Row {(wrong == 39 ? 38 : wrong)}, of the usable ones counted from 0, has the target -1;"), error.Message, StringComparison.Ordinal);
            Assert.EndsWith("needs targets of at least 0. The label column is 'Label'.", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Activations_and_tasks_that_do_not_fit_are_refused()
    {
        var options = new DenseNeuralNetOptions { Loss = new PoissonLoss(), OutputActivation = Activation.Identity };
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.Trainers.DenseNeuralNet(options));
        Assert.StartsWith("The option Loss is half Poisson deviance; it must be one that fits the output activation identity: this loss needs exponential", error.Message, StringComparison.Ordinal);
        options.OutputActivation = null;
        error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options));
        Assert.StartsWith("The option Loss is half Poisson deviance; it must be one that fits the output activation sigmoid: this loss needs exponential", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_models_predict_the_same_and_training_goes_on_where_they_are()
    {
        var rows = MadeAmounts.Rows(300, seed: 1, (rate, random) => 1000 * MadeAmounts.Poisson(rate, random));
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new TweedieLoss(1.3f), NumberOfEpochs = 20, Seed = 1 });
        var model = trainer.Fit(data);
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = _mlContext.Model.Load(stream, out _);
        Assert.Equal(Tasks.ScoreBits(model.Transform(data)), Tasks.ScoreBits(loaded.Transform(data)));
        Assert.Equal("half Tweedie deviance, variance power 1.3", loaded.GetDenseNeuralNet().History!.Settings.Loss);

        var onward = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Loss = new TweedieLoss(1.3f), NumberOfEpochs = 1, LearningRate = 1e-9f, Seed = 1 }).Fit(data, model.Model);
        Assert.All(Scores(onward.Model, rows).Zip(Scores(model.Model, rows)), pair => Assert.Equal(1, pair.First / pair.Second, 1e-3));
    }

    private static Loss[] Losses => [new PoissonLoss(), new GammaLoss(), new TweedieLoss()];

    /// <summary>Half the Poisson deviance. Means of 0 and less, which squared errors lead to, count as small ones.</summary>
    private static double Deviance(AmountRow[] rows, double[] means) => rows.Zip(means, (row, predicted) =>
    {
        var mean = Math.Max(predicted, 0.01);
        return mean - row.Label + (row.Label == 0 ? 0 : row.Label * Math.Log(row.Label / mean));
    }).Average();

    /// <summary>Half the deviance of the variance power, as McCullagh and Nelder have it.</summary>
    private static double Deviance(double power, double amount, double mean) => power switch
    {
        1 => mean - amount + (amount == 0 ? 0 : amount * Math.Log(amount / mean)),
        2 => amount / mean - 1 - Math.Log(amount / mean),
        _ => Math.Pow(amount, 2 - power) / ((1 - power) * (2 - power)) - amount * Math.Pow(mean, 1 - power) / (1 - power) + Math.Pow(mean, 2 - power) / (2 - power),
    };

    private static (AmountRow[] Training, AmountRow[] Test) Drawn(int sample, int trainingRows, Func<double, Random, double> amount) =>
        (MadeAmounts.Rows(trainingRows, seed: 2 * sample + 1, amount), MadeAmounts.Rows(TestRows, seed: 2 * sample + 2, amount));

    private DenseNeuralNetRegressionModelParameters Trained(AmountRow[] rows, Loss loss, Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions { Loss = loss, Seed = 1 };
        change?.Invoke(options);
        return _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_mlContext.Data.LoadFromEnumerable(rows)).Model;
    }

    private static double[] Scores(DenseNeuralNetRegressionModelParameters model, AmountRow[] rows) =>
        [.. ((IDenseNeuralNetModel)model).Network.Predict([.. rows.SelectMany(row => row.Features)]).Select(score => (double)score)];

    private sealed class Several
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        [VectorType(3)]
        public float[] Label { get; set; } = [];
    }
}
