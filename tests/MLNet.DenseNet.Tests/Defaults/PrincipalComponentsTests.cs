using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Tables whose columns go together, such as spectra: sums of a few peaks of which the amounts differ, under a drift that is larger than all of them.</summary>
public class PrincipalComponentsTests
{
    private const int Wavelengths = 80;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>What tells is small beside what all columns share. Without components, hardly anything is learned.</summary>
    [Fact]
    public void A_small_peak_under_a_drift_is_learned()
    {
        var rows = View(300, seed: 1);
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, LabelColumnName = "Amount" });
        var transformer = trainer.Fit(rows);
        var model = transformer.Model;
        Assert.Matches(@"^Standardization, limit 10, Principal components \d+, 80 columns, Ensemble of 4 \[Numeric embedding 2, 128 bins, \d+ columns", string.Join(", ", model.Layers.Select(place => $"{place.Layer}")));
        Assert.InRange(RSquared(transformer), 0.95, 1);
        Assert.InRange(RSquared(Fit(_mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, LabelColumnName = "Amount", NumericEmbedding = NumericEmbedding.Off }))), -1, 0.9);
        Assert.Equal(Tasks.ScoreBits(transformer.Transform(View(20, seed: 3))), Tasks.ScoreBits(SavedModel.Reload(transformer, View(1, seed: 1).Schema).Transform(View(20, seed: 3))));

        // What goes on learning keeps the components.
        var further = trainer.Fit(rows, model).Model;
        Assert.Equal(($"{model.Network}", true), ($"{further.Network}", further.History!.EpochsBefore > 0));
        Assert.Equal(model.Network.Layers[1].Parameters[0].ToArray(), further.Network.Layers[1].Parameters[0].ToArray());

        ITransformer Fit(IEstimator<ITransformer> estimator) => estimator.Fit(rows);
    }

    /// <summary>A column has no more values than there are rows.</summary>
    [Theory]
    [InlineData(100, 99)]
    [InlineData(130, 128)]
    public void Functions_of_components_have_no_more_bins_than_rows(int rows, int bins)
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, LabelColumnName = "Amount", NumberOfEpochs = 1 });
        Assert.Matches($@"Principal components \d+, 80 columns, Numeric embedding 2, {bins} bins,", string.Join(", ", trainer.Fit(View(rows, seed: 1)).Model.Layers.Select(place => $"{place.Layer}")));
    }

    [Fact]
    public void Classes_of_small_differences_are_told()
    {
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1 }).Fit(View(300, seed: 1));
        var without = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, NumericEmbedding = NumericEmbedding.Off }).Fit(View(300, seed: 1));
        Assert.InRange(Accuracy(model), Accuracy(without) + 0.05, 1);

        double Accuracy(ITransformer trained) => _mlContext.BinaryClassification.Evaluate(trained.Transform(View(500, seed: 2))).Accuracy;
    }

    /// <summary>With more columns than rows, a linear model of the components is all that there is to learn.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void Few_rows_are_learned_as_a_linear_model_does(int? networks)
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, LabelColumnName = "Amount", EnsembleSize = networks });
        var rows = View(50, seed: 1);
        var transformer = trainer.Fit(rows);
        var model = transformer.Model;
        Assert.Contains("alone", $"{model.Network}", StringComparison.Ordinal);
        Assert.DoesNotContain("SiLU", $"{model.Network}", StringComparison.Ordinal);
        Assert.Equal(0.001f, model.History!.Settings.LearningRate);
        Assert.InRange(RSquared(transformer), 0.95, 1);
        var further = trainer.Fit(rows, model);
        Assert.Equal(($"{model.Network}", 0.1f * 0.001f), ($"{further.Model.Network}", further.Model.History!.Settings.LearningRate));
        Assert.InRange(RSquared(further), 0.95, 1);
    }

    /// <summary>A row that alone misses some value has an indicator of its own, by which it would tell itself: what tells others is not judged by such rows.</summary>
    [Fact]
    public void Rows_that_miss_values_are_told_better_than_by_their_mean()
    {
        var transformer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, LabelColumnName = "Amount" }).Fit(View(50, seed: 1, areMissing: true));
        Assert.InRange(RSquared(transformer, areMissing: true), 0.2, 1);
    }

    /// <summary>So it is with classes, of two and of several.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Classes_of_few_rows_are_told_as_by_a_linear_model(bool areTwo)
    {
        var (rows, others) = (View(60, seed: 1), View(500, seed: 2));
        if (areTwo)
        {
            var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1 }).Fit(rows);
            Assert.EndsWith("Dense 1 sigmoid]", string.Join(", ", model.Model.Layers.Select(place => $"{place.Layer}")), StringComparison.Ordinal);
            Check(_mlContext.BinaryClassification.Evaluate(model.Transform(others)).LogLoss, 1);
            return;
        }

        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Largest").Append(_mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { Seed = 1, LabelColumnName = "Largest" }));
        var fitted = pipeline.Fit(rows);
        Assert.Contains("alone", $"{fitted.GetDenseNeuralNet().Network}", StringComparison.Ordinal);
        // In nats.
        Check(_mlContext.MulticlassClassification.Evaluate(fitted.Transform(others), labelColumnName: "Largest").LogLoss, Math.Log(4));

        static void Check(double logLoss, double ofNothing) => Assert.InRange(logLoss, 0, 0.5 * ofNothing);
    }

    /// <summary>What is not a mean, rows that do not count alike, and functions of numbers that are asked for: there the network is no linear model.</summary>
    [Fact]
    public void Few_rows_of_what_no_linear_model_is_for_have_hidden_layers()
    {
        Assert.Contains("alone", Layers(Trained(new())), StringComparison.Ordinal);
        Assert.Contains("SiLU", Layers(Trained(new() { Loss = new QuantileLoss(0.1f) })), StringComparison.Ordinal);
        Assert.Contains("SiLU", Layers(Trained(new() { ExampleWeightColumnName = "Weight" })), StringComparison.Ordinal);
        Assert.Contains("SiLU", $"{_mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { ClassWeights = ClassWeights.Balanced, NumberOfEpochs = 1 }).Fit(View(50, seed: 1)).Model.Network}", StringComparison.Ordinal);
        Assert.Contains("Numeric embedding", Layers(Trained(new() { NumericEmbedding = NumericEmbedding.On })), StringComparison.Ordinal);

        // A sigmoid for each class begins at other logits than a softmax over all.
        var sigmoids = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Largest", OutputActivation = Activation.Sigmoid, NumberOfEpochs = 1 });
        Assert.Contains("SiLU", Layers(_mlContext.Transforms.Conversion.MapValueToKey("Largest").Append(sigmoids).Fit(View(60, seed: 1)).GetDenseNeuralNet()), StringComparison.Ordinal);

        static string Layers(IDenseNeuralNetModel model) => $"{model.Network}";

        IDenseNeuralNetModel Trained(DenseNeuralNetOptions options)
        {
            (options.LabelColumnName, options.NumberOfEpochs, options.ValidationFraction, options.Seed) = ("Amount", 1, 0, 1);
            return _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(View(50, seed: 1)).Model;
        }
    }

    /// <summary>Columns that have nothing to do with one another, layers of one's own, and rows that are streamed.</summary>
    [Fact]
    public void Elsewhere_there_are_none()
    {
        Assert.DoesNotContain("Principal", Layers(new() { HiddenLayers = [8] }, View(60, seed: 1)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new() { HiddenLayers = [8], NumericEmbedding = NumericEmbedding.On }, View(60, seed: 1)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new() { Layers = [new DenseLayer(16)] }, View(60, seed: 1)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new() { Layers = [new DenseLayer(16)] }, View(50, seed: 1, wavelengths: 2500)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new() { NormalizeFeatures = FeatureNormalization.Off }, View(60, seed: 1)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new() { DataCaching = DataCaching.Stream }, View(60, seed: 1)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new(), Unrelated(200, columns: 20)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new(), Unrelated(40, columns: 300)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", Layers(new(), Unrelated(40, columns: 2500)), StringComparison.Ordinal);

        // A linear model tells more than a tenth, and less than half.
        Assert.DoesNotContain("Principal", Layers(new(), Unrelated(140, columns: 150, told: 20)), StringComparison.Ordinal);
        Assert.DoesNotContain("Principal", $"{_mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { NumberOfEpochs = 1 }).Fit(Unrelated(40, columns: 1500)).Model.Network}", StringComparison.Ordinal);

        string Layers(DenseNeuralNetOptions options, IDataView rows)
        {
            (options.LabelColumnName, options.NumberOfEpochs, options.ValidationFraction) = ("Amount", 1, 0);
            return $"{_mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(rows).Model.Network}";
        }
    }

    /// <summary>In each network of an ensemble; and what goes on from such a model keeps them, and its hidden layers.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Components_of_layers_of_ones_own_are_set_too(int networks)
    {
        DenseNeuralNetOptions Options(DataCaching caching) => new() { LabelColumnName = "Amount", Seed = 1, EnsembleSize = networks, Layers = [new PrincipalComponentsLayer(20, limit: 100, keepsInputs: false), new DenseLayer(16, Activation.SiLU)], DataCaching = caching };
        var transformer = _mlContext.Regression.Trainers.DenseNeuralNet(Options(DataCaching.Memory)).Fit(View(300, seed: 1));
        Assert.InRange(RSquared(transformer), 0.8, 1);
        var further = _mlContext.Regression.Trainers.DenseNeuralNet(Options(DataCaching.Memory)).Fit(View(300, seed: 1), transformer.Model);
        Assert.Equal($"{transformer.Model.Network}", $"{further.Model.Network}");
        Assert.InRange(RSquared(further), 0.8, 1);
        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Regression.Trainers.DenseNeuralNet(Options(DataCaching.Stream)).Fit(View(300, seed: 1)));
        Assert.Contains("rows in memory", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing would set them there, and what they put out would be 0.</summary>
    [Fact]
    public void Components_of_what_other_layers_make_are_refused()
    {
        var components = new PrincipalComponentsLayer(3, keepsInputs: false);
        foreach (Layer[] layers in (Layer[][])[[new DenseLayer(8), components], [new DropoutLayer(0.1f), components, new DenseLayer(8)], [components, new DenseLayer(8), new ResidualLayer([components, new DenseLayer(8)])]])
        {
            var trainer = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Amount", Layers = layers });
            Assert.Contains("PrincipalComponentsLayer that is not its first layer", Assert.ThrowsAny<Exception>(() => trainer.Fit(View(50, seed: 1))).Message, StringComparison.Ordinal);
        }
    }

    private double RSquared(ITransformer model, bool areMissing = false) => _mlContext.Regression.Evaluate(model.Transform(View(500, seed: 2, areMissing)), labelColumnName: "Amount").RSquared;

    private IDataView View(int rows, int seed, bool areMissing = false, int wavelengths = Wavelengths)
    {
        var random = new Random(seed);
        double[] centers = [0.25, 0.45, 0.5, 0.8];
        return View(wavelengths, Enumerable.Range(0, rows).Select(_ =>
        {
            double[] amounts = [.. centers.Select(_ => random.NextDouble())];
            var (drift, slope) = (30 * random.NextDouble(), 30 * random.NextDouble());
            return new Row
            {
                Label = amounts[1] > amounts[2],
                Amount = (float)amounts[1],
                Largest = amounts.IndexOf(amounts.Max()),
                Features = [.. Enumerable.Range(0, wavelengths).Select(i => (double)i / wavelengths).Select(at =>
                    areMissing && random.Next(200) == 0 ? float.NaN : (float)(drift + slope * at + centers.Zip(amounts, (center, amount) => amount * Math.Exp(-Math.Pow((at - center) / 0.08, 2))).Sum() + 0.005 * random.NextDouble()))],
            };
        }));
    }

    private IDataView Unrelated(int rows, int columns, int told = 2)
    {
        var random = new Random(1);
        return View(columns, Enumerable.Range(0, rows).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, columns).Select(_ => random.NextSingle())];
            return new Row { Label = features[0] > 0.5, Amount = features[..told].Select((value, i) => i % 2 == 0 ? value : -value).Sum() + random.NextSingle(), Features = features };
        }));
    }

    private IDataView View(int columns, IEnumerable<Row> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, columns);
        return _mlContext.Data.LoadFromEnumerable(rows.ToArray(), schema);
    }

    private sealed class Row
    {
        public bool Label { get; set; }

        public float Amount { get; set; }

        public float Weight { get; set; } = 1;

        public int Largest { get; set; }

        public float[] Features { get; set; } = [];
    }
}
