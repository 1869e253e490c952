using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.PublicReports;

/// <summary>What was reported of other trainers about the names and the order of classes.</summary>
public class ClassNameReportTests
{
    private static readonly string[] Names = ["zeta", "alpha", "mid"];

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>The predicted label was not the class with the best score, where keys come by appearance (dotnet/machinelearning#649).</summary>
    [Fact]
    public void The_predicted_label_is_the_class_of_the_best_score()
    {
        var (model, data) = Fit();
        var scored = model.Transform(data);
        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref slots);
        string[] names = [.. slots.DenseValues().Select(name => $"{name}")];
        Assert.Equal(Names.Order(), names.Order());
        var best = scored.GetColumn<float[]>("Score").Select(scores => names[Array.IndexOf(scores, scores.Max())]).ToArray();
        Assert.Equal(best, scored.GetColumn<string>("Name"));
        Assert.Equal(data.GetColumn<string>("Text"), best);
    }

    /// <summary>After loading, PredictedLabel had no names, so that MapKeyToValue could not be fitted to it (dotnet/machinelearning#6587).</summary>
    [Fact]
    public void A_loaded_model_still_names_its_classes()
    {
        var (model, data) = Fit(names: false);
        var scored = SavedModel.Reload(model, data.Schema).Transform(data);
        var named = _mlContext.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel").Fit(scored).Transform(scored);
        Assert.Equal(data.GetColumn<string>("Text"), named.GetColumn<string>("Name"));
    }

    /// <summary>Keys without names: "metadata KeyValues does not exist" (dotnet/machinelearning-modelbuilder#825).</summary>
    [Fact]
    public void Keys_need_no_names()
    {
        var schema = SchemaDefinition.Create(typeof(Digit));
        schema[nameof(Digit.Label)].ColumnType = new KeyDataViewType(typeof(uint), 10);
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 90).Select(i => new Digit { Label = (uint)(i % 10), Features = [i % 10 % 3, i % 10 / 3] }), schema);
        var scored = _mlContext.Transforms.DenseNeuralNet().Fit(data).Transform(data);
        Assert.Equal(data.GetColumn<uint>("Label"), scored.GetColumn<uint>("PredictedLabel"));
        Assert.Equal(1, _mlContext.MulticlassClassification.Evaluate(scored).MicroAccuracy);
    }

    /// <summary>Top-k accuracy and log-loss were wrong where keys are not in the order of their values (dotnet/machinelearning#3773).</summary>
    [Fact]
    public void Top_k_accuracies_and_log_loss_are_those_computed_by_hand()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 120).Select(i => new Named { Text = $"class {(7 * i + (random.Next(3) == 0 ? 1 : 0)) % 6}", Features = [i % 6, random.NextSingle()] }).ToList();
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var scored = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Text").Append(_mlContext.Transforms.DenseNeuralNet(hiddenLayers: [8], numberOfEpochs: 20)).Fit(data).Transform(data);
        var scores = scored.GetColumn<float[]>("Score").ToArray();
        uint[] keys = [.. scored.GetColumn<uint>("Label")];
        var metrics = _mlContext.MulticlassClassification.Evaluate(scored, topKPredictionCount: 6);
        for (var k = 1; k <= 6; k++)
            Assert.Equal(keys.Index().Count(row => scores[row.Index].Count(score => score > scores[row.Index][row.Item - 1]) < k) / 120.0, metrics.TopKAccuracyForAllK[k - 1], 1e-9);
        Assert.Equal(keys.Index().Average(row => -Math.Log(scores[row.Index][row.Item - 1])), metrics.LogLoss, 1e-6);
    }

    /// <summary>Cross-validation threw where a class is so rare that folds lack it (dotnet/machinelearning#5211), and early stopping where it has one row (scikit-learn#13164).</summary>
    [Fact]
    public void A_rare_class_breaks_neither_cross_validation_nor_early_stopping()
    {
        var rows = Enumerable.Range(0, 90).Select(i => new Named { Text = i == 77 ? "rare" : Names[i % 3], Features = [i == 77 ? 9 : i % 3, i % 2] });
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Text").Append(_mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [8] }));
        var folds = _mlContext.MulticlassClassification.CrossValidate(data, pipeline, numberOfFolds: 5);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.MicroAccuracy, 0.8, 1));
        var scored = pipeline.Fit(data).Transform(data);
        Assert.Equal(4, ((VectorDataViewType)scored.Schema["Score"].Type).Size);
        Assert.InRange(_mlContext.MulticlassClassification.Evaluate(scored).MicroAccuracy, 0.98, 1);
    }

    /// <summary>Feature importance of a loaded multiclass pipeline failed, or named no features (dotnet/machinelearning#6282).</summary>
    [Fact]
    public void Feature_importance_works_on_a_loaded_multiclass_pipeline()
    {
        var rows = Enumerable.Range(0, 90).Select(i => new Columns { Text = Names[i % 3], Weight = i % 7, Size = i % 3 });
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var pipeline = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Text").Append(_mlContext.Transforms.Concatenate("Features", "Weight", "Size")).Append(_mlContext.Transforms.DenseNeuralNet(hiddenLayers: [16], numberOfEpochs: 100, learningRate: 0.01f));
        var loaded = SavedModel.Reload(pipeline.Fit(data), data.Schema);
        var importance = _mlContext.MulticlassClassification.PermutationFeatureImportance(loaded, loaded.Transform(data), permutationCount: 2);
        Assert.True(importance["Size"].MicroAccuracy.Mean < -0.3, $"{importance["Size"].MicroAccuracy.Mean}");
        Assert.Equal(0, importance["Weight"].MicroAccuracy.Mean, 0.1);
    }

    private (ITransformer Model, IDataView Data) Fit(bool names = true)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 60).Select(i => new Named { Text = Names[i % 3], Features = [i % 3, i % 2] }));
        var net = _mlContext.Transforms.Conversion.MapValueToKey("Label", "Text").Append(_mlContext.Transforms.DenseNeuralNet(hiddenLayers: [16], numberOfEpochs: 100, learningRate: 0.01f));
        return (names ? net.Append(_mlContext.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(data) : net.Fit(data), data);
    }

    private sealed class Named
    {
        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Digit
    {
        public uint Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Columns
    {
        public string Text { get; set; } = "";

        public float Weight { get; set; }

        public float Size { get; set; }
    }
}
