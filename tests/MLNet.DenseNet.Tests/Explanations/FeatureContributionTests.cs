using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.Shapes;

namespace MLNet.DenseNet.Tests.Explanations;

/// <summary>Feature contributions of all tasks, by ML.NET's own transform where it takes the model, and by ours.</summary>
public class FeatureContributionTests
{
    private const string Column = "FeatureContributions";

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _rows;

    public FeatureContributionTests() => _rows = _mlContext.Data.LoadFromEnumerable(Sample.Rows(600));

    [Fact]
    public void Regression_adds_up_to_the_difference_from_the_mean_row()
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(Options(nameof(Sample.Number))).Fit(_rows);
        var explained = _mlContext.Transforms.CalculateFeatureContribution(model, 4, 4, normalize: false).Fit(_rows).Transform(model.Transform(_rows));
        AddsUp(explained, Scores(model, MeanRow())[0]);
        // The label depends on the first and the third feature.
        var sizes = Sizes(explained);
        Assert.True(Math.Min(sizes[0], sizes[2]) > 5 * Math.Max(sizes[1], sizes[3]), string.Join(", ", sizes));
    }

    [Fact]
    public void Default_network_adds_up_too()
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(nameof(Sample.Number), seed: 1).Fit(_rows);
        var explained = _mlContext.Transforms.CalculateFeatureContribution(model, 4, 4, normalize: false).Fit(_rows).Transform(model.Transform(_rows));
        AddsUp(explained, Scores(model, MeanRow())[0]);
    }

    [Fact]
    public void Binary_classification_explains_the_logit()
    {
        var model = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(Options(nameof(Sample.Flag))).Fit(_rows);
        AddsUp(_mlContext.Transforms.CalculateFeatureContribution(model, 4, 4, normalize: false).Fit(_rows).Transform(model.Transform(_rows)), Scores(model, MeanRow())[0]);
    }

    [Fact]
    public void Multiclass_classification_explains_the_predicted_class_or_a_given_one()
    {
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category)).Fit(_rows);
        var data = keys.Transform(_rows);
        var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(Options("Label")).Fit(data);
        var scored = model.Transform(data);
        var chosen = Vectors(_mlContext.Transforms.CalculateFeatureContribution(model, 4, 4, normalize: false).Fit(scored).Transform(scored));
        Assert.Equal(chosen, Vectors(_mlContext.Transforms.CalculateDenseNeuralNetContribution(model, null, 4, 4, normalize: false).Fit(scored).Transform(scored)));

        var logits = LogitDifferences(model, scored);
        var classes = Enumerable.Range(0, 3).Select(output => Vectors(_mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output, 4, 4, normalize: false).Fit(scored).Transform(scored))).ToArray();
        var predicted = scored.GetColumn<uint>("PredictedLabel").Select(key => (int)key - 1).ToArray();
        for (var row = 0; row < predicted.Length; row++)
        {
            Assert.Equal(classes[predicted[row]][row], chosen[row]);
            // Probabilities tell logits up to a number that is the same for all classes.
            Assert.Equal(logits[row], classes[0][row].Sum() - classes[2][row].Sum(), 1e-3);
        }
    }

    [Fact]
    public void Several_outputs_are_explained_one_by_one()
    {
        var model = _mlContext.Transforms.DenseNeuralNet(Options(nameof(Sample.Numbers))).Fit(_rows);
        var scored = model.Transform(_rows);
        for (var output = 0; output < 2; output++)
        {
            var explained = _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output, 4, 4, normalize: false).Fit(scored).Transform(scored);
            var at = output;
            var (vectors, scores, reference) = (Vectors(explained), explained.GetColumn<float[]>("Score").ToArray(), Scores(model, MeanRow())[output]);
            for (var row = 0; row < vectors.Length; row++)
                Assert.Equal(scores[row][at] - reference, vectors[row].Sum(), 1e-4);
        }

        Assert.Contains("say which one", Assert.Throws<ArgumentException>("output", () => _mlContext.Transforms.CalculateDenseNeuralNetContribution(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_pipeline_is_explained_and_saved_with_its_explanation()
    {
        var pipeline = _mlContext.Transforms.Concatenate("Inputs", nameof(Sample.Features), nameof(Sample.Weight))
            .Append(_mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Numbers), FeatureColumnName = "Inputs", NumberOfEpochs = 3, Seed = 1 }))
            .Append(_mlContext.Transforms.CopyColumns("Copied", "Score"));
        var model = pipeline.Fit(_rows);
        var explaining = model.Append(_mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output: 1).Fit(model.Transform(_rows)));
        var vectors = Vectors(explaining.Transform(_rows));
        Assert.Equal(Sample.FeatureCount + 1, vectors[0].Length);
        Assert.All(vectors, vector => Assert.Equal(1, vector.Max(Math.Abs), 1e-6));
        Assert.Equal(vectors, Vectors(SavedModel.Reload(explaining, _rows.Schema).Transform(_rows)));
    }

    [Fact]
    public void Missing_features_contribute_too()
    {
        var rows = Sample.Rows(600);
        foreach (var row in rows.Where((_, index) => index % 4 == 0))
            (row.Features[1], row.Number) = (float.NaN, row.Number + 5);
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(nameof(Sample.Number), numberOfEpochs: 30, seed: 1).Fit(data);
        var vectors = Vectors(_mlContext.Transforms.CalculateFeatureContribution(model, 4, 4, normalize: false).Fit(data).Transform(model.Transform(data)));
        Assert.All(vectors, vector => Assert.True(vector.All(float.IsFinite)));
        Assert.True(vectors.Where((_, index) => index % 4 == 0).Average(vector => vector[1]) > 3);
    }

    [Theory]
    [InlineData("planes")]
    [InlineData("pixels")]
    public void Image_contributions_stand_where_the_pixels_do(string order)
    {
        var rows = ShapedRow.View(order, count: 600);
        var options = ShapedNetworks.Options("convolutional", Tasks.Regression, order);
        options.NumberOfEpochs = 60;
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(rows);
        var sizes = Sizes(_mlContext.Transforms.CalculateFeatureContribution(model, ShapedRow.Size, ShapedRow.Size, normalize: false).Fit(rows).Transform(model.Transform(rows)));
        Assert.Equal(ShapedRow.DecidingSlot(order), Array.IndexOf(sizes, sizes.Max()));
    }

    [Fact]
    public void Sparse_rows_are_as_dense_ones_and_compared_with_0()
    {
        var random = new Random(1);
        var dense = Enumerable.Range(0, 300).Select(_ => Enumerable.Range(0, 600).Select(_ => random.Next(20) == 0 ? random.NextSingle() : 0).ToArray()).ToArray();
        var data = _mlContext.Data.LoadFromEnumerable(dense.Select(row => new Wide { Features = row, Label = row[0] - row[1] + row[2] }));
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(hiddenLayers: [8], numberOfEpochs: 2, seed: 1).Fit(data);
        var sparse = _mlContext.Data.LoadFromEnumerable(dense.Select(row => new SparseRow
        {
            Features = new VBuffer<float>(600, row.Count(value => value != 0), [.. row.Where(value => value != 0)], [.. row.Index().Where(value => value.Item != 0).Select(value => value.Index)]),
        }));
        var estimator = _mlContext.Transforms.CalculateFeatureContribution(model, 600, 600, normalize: false);
        var explained = estimator.Fit(data).Transform(model.Transform(data));
        var vectors = Vectors(explained);
        Assert.Equal(vectors, Vectors(estimator.Fit(sparse).Transform(sparse)));
        Assert.All(vectors.Zip(dense), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.True(value.Second != 0 || value.First == 0)));

        // The mean row has another score.
        float[] mean = [.. Enumerable.Range(0, 600).Select(feature => dense.Average(row => row[feature]))];
        var references = model.Transform(_mlContext.Data.LoadFromEnumerable([new Wide { Features = new float[600] }, new Wide { Features = mean }])).GetColumn<float>("Score").ToArray();
        AddsUp(explained, references[0]);
        Assert.True(Math.Abs(references[1] - references[0]) > 1e-3, string.Join(", ", references));
    }

    /// <summary>Without standardization, a weight of -100 makes of a feature of 3e38 a contribution of -3e40.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Contributions_beyond_float32_are_an_error(bool normalize)
    {
        var rows = Sample.Rows(60);
        foreach (var row in rows)
            row.Number *= 100;
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), HiddenLayers = [], NormalizeFeatures = FeatureNormalization.Off, NumberOfEpochs = 200, Seed = 1 }).Fit(_mlContext.Data.LoadFromEnumerable(rows));
        rows[0].Features[2] = 3e38f;
        var wrong = _mlContext.Data.LoadFromEnumerable(rows);
        var explaining = _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, normalize: normalize).Fit(data);
        Assert.True(explaining.Transform(data).GetColumn<float[]>("FeatureContributions").All(row => Array.TrueForAll(row, float.IsFinite)));
        var error = Assert.ThrowsAny<Exception>(() => explaining.Transform(wrong).GetColumn<float[]>("FeatureContributions").ToArray());
        Assert.Contains("is beyond the range of float32; the feature is ", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A score saturates, and differences of what is too large are no numbers.</summary>
    [Fact]
    public void Contributions_that_are_no_numbers_of_a_row_of_numbers_are_an_error()
    {
        var rows = Sample.Rows(60);
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Number), HiddenLayers = [16], Activation = Activation.ReLU, NormalizeFeatures = FeatureNormalization.Off, NumericEmbedding = NumericEmbedding.Off, NumberOfEpochs = 20, Seed = 1 }).Fit(data);
        (rows[0].Features[0], rows[0].Features[1]) = (3e38f, -3e38f);
        var wrong = model.Transform(_mlContext.Data.LoadFromEnumerable(rows));
        Assert.True(float.IsFinite(wrong.GetColumn<float>("Score").First()));
        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, normalize: false).Fit(wrong).Transform(wrong).GetColumn<float[]>("FeatureContributions").ToArray());
        Assert.Contains("is beyond the range of float32; the feature is ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_output_of_a_vector_need_not_be_given()
    {
        var rows = _mlContext.Transforms.Concatenate("One", nameof(Sample.Number)).Fit(_rows).Transform(_rows);
        var model = _mlContext.Transforms.DenseNeuralNet(Options("One")).Fit(rows);
        Assert.Equal(
            Vectors(_mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output: 0).Fit(rows).Transform(rows)), Vectors(_mlContext.Transforms.CalculateDenseNeuralNetContribution(model).Fit(rows).Transform(rows)));
    }

    [Fact]
    public void Unknown_output_and_missing_network_are_errors()
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(Options(nameof(Sample.Number))).Fit(_rows);
        Assert.Throws<ArgumentOutOfRangeException>("output", () => _mlContext.Transforms.CalculateDenseNeuralNetContribution(model, output: 1));
        ITransformer none = _mlContext.Transforms.CopyColumns("A", "Number").Fit(_rows);
        Assert.Throws<ArgumentException>("model", () => _mlContext.Transforms.CalculateDenseNeuralNetContribution(none));
        Assert.Throws<ArgumentException>("model", () => _mlContext.Transforms.CalculatePredictionInterval(none));
        Assert.Throws<ArgumentException>("model", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(none));
        Assert.Throws<ArgumentNullException>("model", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(null!));
    }

    private static DenseNeuralNetOptions Options(string label) =>
        new() { LabelColumnName = label, HiddenLayers = [16], LearningRate = 0.01f, NumberOfEpochs = 15, Seed = 1 };

    private static float[] MeanRow()
    {
        var rows = Sample.Rows(600);
        return [.. Enumerable.Range(0, Sample.FeatureCount).Select(feature => (float)rows.Average(row => (double)row.Features[feature]))];
    }

    private static void AddsUp(IDataView explained, float reference)
    {
        var (vectors, scores) = (Vectors(explained), explained.GetColumn<float>("Score").ToArray());
        for (var row = 0; row < vectors.Length; row++)
            Assert.Equal(scores[row] - reference, vectors[row].Sum(), 1e-4 * Math.Max(1, Math.Abs(reference)));
    }

    /// <summary>By how much the difference between the logits of the first and the last class is larger than at the mean row.</summary>
    private double[] LogitDifferences(ITransformer model, IDataView scored)
    {
        var mean = Scores(model, MeanRow());
        return [.. scored.GetColumn<float[]>("Score").Select(row => Math.Log(row[0]) - Math.Log(row[2]) - (Math.Log(mean[0]) - Math.Log(mean[2])))];
    }

    private float[] Scores(ITransformer model, float[] features)
    {
        var score = model.Transform(_mlContext.Data.LoadFromEnumerable([new Sample { Features = features }]));
        return score.Schema["Score"].Type is VectorDataViewType ? score.GetColumn<float[]>("Score").Single() : [score.GetColumn<float>("Score").Single()];
    }

    private static float[][] Vectors(IDataView explained) => [.. explained.GetColumn<float[]>(Column)];

    private static float[] Sizes(IDataView explained)
    {
        var vectors = Vectors(explained);
        return [.. Enumerable.Range(0, vectors[0].Length).Select(feature => vectors.Average(vector => Math.Abs(vector[feature])))];
    }

    private sealed class Wide
    {
        [VectorType(600)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class SparseRow
    {
        [VectorType(600)]
        public VBuffer<float> Features { get; set; }
    }
}
