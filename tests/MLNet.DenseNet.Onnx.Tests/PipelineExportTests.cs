using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>Pipelines whose model is ours become ONNX models by ML.NET's own converter, and these predict the same, run by ML.NET's own transform; so do files without ML.NET.</summary>
public class PipelineExportTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public sealed class Row
    {
        public float Size { get; set; }

        public float Weight { get; set; }

        public string Color { get; set; } = "";

        [VectorType(3, 4, 5)]
        public float[] Image { get; set; } = [];

        [VectorType(2)]
        public string[] Texts { get; set; } = [];

        [VectorType(1, 3)]
        public float[] Step { get; set; } = [];

        public float Amount { get; set; }

        public bool IsLarge { get; set; }

        public float Count { get; set; }

        [VectorType(2)]
        public bool[] Labels { get; set; } = [];

        public string Kind { get; set; } = "";

        [VectorType(2)]
        public float[] Both { get; set; } = [];
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void Regression(int? operators) =>
        CheckPipeline(Tabular().Append(_mlContext.Transforms.DenseNeuralNet(Fast("Amount"))), ["Score"], operators);

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void Binary_classification(int? operators) =>
        CheckPipeline(Tabular().Append(_mlContext.Transforms.DenseNeuralNet(Fast("IsLarge"))), ["Score", "Probability", "PredictedLabel"], operators);

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void Multiclass_classification(int? operators) => CheckPipeline(
        Tabular().Append(_mlContext.Transforms.Conversion.MapValueToKey("Kind")).Append(_mlContext.Transforms.DenseNeuralNet(Fast("Kind"))).Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")),
        ["Score", "PredictedLabel"], operators);

    /// <summary>Some of ML.NET's operators put out more dimensions than the column has, and the column may have more than the network.</summary>
    [Theory]
    [InlineData("one-hot")]
    [InlineData("two one-hot")]
    [InlineData("one step")]
    [InlineData("image as a table")]
    [InlineData("hidden")]
    public void Features_of_any_dimensions(string kind)
    {
        var options = Fast("Amount");
        IEstimator<ITransformer> front = kind switch
        {
            "one-hot" or "hidden" => _mlContext.Transforms.Categorical.OneHotEncoding("Features", "Color"),
            "two one-hot" => _mlContext.Transforms.Categorical.OneHotEncoding("Features", "Texts"),
            "one step" => _mlContext.Transforms.CopyColumns("Features", "Step"),
            _ => _mlContext.Transforms.CopyColumns("Features", "Image"),
        };
        if (kind == "image as a table")
            options.InputShape = 60;
        var rows = Rows(missing: false);
        var pipeline = front.Append(_mlContext.Transforms.DenseNeuralNet(options));
        if (kind != "hidden")
        {
            CheckPipeline(pipeline, ["Score"], operators: null);
            return;
        }

        var model = pipeline.Fit(rows);
        ConvertedPipeline.Check(_mlContext, model.Append(_mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(model.Transform(rows))), rows, ["HiddenFeatures"]);
    }

    /// <summary>Where features are not standardized, a row that misses one has no score, and no class.</summary>
    [Fact]
    public void A_row_without_a_score_has_no_class()
    {
        var options = Fast("Kind");
        options.NormalizeFeatures = FeatureNormalization.Off;
        var model = Tabular().Append(_mlContext.Transforms.Conversion.MapValueToKey("Kind")).Append(_mlContext.Transforms.DenseNeuralNet(options)).Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(Rows(missing: false));
        Assert.Equal("", model.Transform(Rows(missing: true)).GetColumn<string>("PredictedLabel").First());
        ConvertedPipeline.Check(_mlContext, model, Rows(missing: true), ["Score", "PredictedLabel"]);
    }

    /// <summary>Most values of a skewed column lie in bins that are hardly wider than the rounding of standardized numbers: there the standardization has to come out the same to the last bit.</summary>
    [Theory]
    [InlineData("Amount")]
    [InlineData("IsLarge")]
    public void A_column_of_very_skewed_numbers(string label)
    {
        var random = new Random(7);
        var rows = Enumerable.Range(0, 4000).Select(_ =>
        {
            // Of a sum of uniform numbers, as good as normal.
            var (size, weight) = (Enumerable.Range(0, 12).Sum(_ => random.NextSingle()) - 6, random.NextSingle());
            return new Row { Size = MathF.Exp(4 * size), Weight = weight, Amount = size + weight, IsLarge = size + weight > 0.5f, Image = new float[60], Step = new float[3], Texts = ["", ""], Labels = new bool[2], Both = new float[2] };
        }).ToList();
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = _mlContext.Transforms.Concatenate("Features", "Size", "Weight").Append(_mlContext.Transforms.DenseNeuralNet(label)).Fit(data);
        ConvertedPipeline.Check(_mlContext, model, data, ["Score"]);
    }

    [Fact]
    public void Several_outputs() => CheckPipeline(Tabular().Append(_mlContext.Transforms.DenseNeuralNet(Fast("Both"))), ["Score"]);

    [Fact]
    public void Counts()
    {
        var options = Fast("Count");
        options.Loss = new PoissonLoss();
        CheckPipeline(Tabular().Append(_mlContext.Transforms.DenseNeuralNet(options)), ["Score"]);
    }

    /// <summary>After few epochs, the outputs of several are in no order yet: the file sorts them as we do.</summary>
    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(9, null)]
    [InlineData(20, 9)]
    public void Quantiles(int count, int? operators)
    {
        var options = Fast("Amount");
        options.Loss = new MultiQuantileLoss([.. Enumerable.Range(1, count).Select(i => i / (count + 1f))]);
        CheckPipeline(Tabular().Append(_mlContext.Transforms.DenseNeuralNet(options)), ["Score"], operators);
    }

    [Fact]
    public void Ranking() => CheckPipeline(
        Tabular().Append(_mlContext.Transforms.Conversion.MapValueToKey("GroupId", "Kind")).Append(_mlContext.Ranking.Trainers.DenseNeuralNet(Fast("Amount"))), ["Score"]);

    [Fact]
    public void Several_labels() => CheckPipeline(
        Tabular().Append(_mlContext.Transforms.DenseNeuralNet(Fast("Labels"))), ["Score", "Probability", "PredictedLabel"]);

    [Fact]
    public void Trainers_of_a_task() => CheckPipeline(Tabular().Append(_mlContext.Regression.Trainers.DenseNeuralNet(Fast("Amount"))), ["Score"]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_versus_all_of_binary_classifications(bool useProbabilities) => CheckPipeline(
        Tabular().Append(_mlContext.Transforms.Conversion.MapValueToKey("Kind"))
            .Append(_mlContext.MulticlassClassification.Trainers.OneVersusAll(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Fast("Kind")), labelColumnName: "Kind", useProbabilities: useProbabilities)),
        ["Score"]);

    [Fact]
    public void Images_come_plane_by_plane()
    {
        var options = Fast("Amount");
        options.FeatureColumnName = "Image";
        options.Layers = [new ConvolutionLayer(4, 3, padding: Padding.Same, activation: Activation.ReLU), new GlobalAveragePoolingLayer()];
        CheckPipeline(_mlContext.Transforms.DenseNeuralNet(options), ["Score"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void Anomaly_detection(int? operators)
    {
        var pipeline = Tabular().Append(_mlContext.AnomalyDetection.Trainers.DenseNeuralNet(Fast("Amount")));
        CheckPipeline(pipeline, ["Score", "PredictedLabel"], operators);
        // What is missing does not count, also where nothing was in training.
        ConvertedPipeline.Check(_mlContext, pipeline.Fit(Rows(missing: false)), Rows(missing: true), ["Score", "PredictedLabel"], operators);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void A_key(int? operators)
    {
        var options = Fast("Amount");
        options.FeatureColumnName = "Color";
        CheckPipeline(_mlContext.Transforms.Conversion.MapValueToKey("Color").Append(_mlContext.Transforms.DenseNeuralNet(options)), ["Score"], operators);
    }

    [Fact]
    public void A_key_that_is_looked_up()
    {
        var options = Fast("IsLarge");
        (options.FeatureColumnName, options.Layers) = ("Color", [new EmbeddingLayer(4, 3), new GlobalMaxPoolingLayer()]);
        CheckPipeline(_mlContext.Transforms.Conversion.MapValueToKey("Color").Append(_mlContext.Transforms.DenseNeuralNet(options)), ["Score", "Probability", "PredictedLabel"]);
    }

    [Fact]
    public void Hidden_layer_of_a_key()
    {
        var rows = Rows(missing: false);
        var options = Fast("Amount");
        options.FeatureColumnName = "Color";
        var model = _mlContext.Transforms.Conversion.MapValueToKey("Color").Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(rows);
        ConvertedPipeline.Check(_mlContext, model.Append(_mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(model.Transform(rows))), rows, ["HiddenFeatures", "Score"]);
    }

    [Fact]
    public void Model_of_keys_without_its_pipeline_takes_their_numbers()
    {
        var rows = Rows(missing: false);
        var options = Fast("Amount");
        options.FeatureColumnName = "Colors";
        var model = Colors().Append(_mlContext.Regression.Trainers.DenseNeuralNet(options)).Fit(rows);
        var predicted = model.Transform(rows);
        using var onnx = OnnxModel.Of(model.LastTransformer.Model);
        Assert.Equal([-1, 2], onnx.Inputs["features"].Dimensions);
        var keys = predicted.GetColumn<uint[]>("Colors").ToArray();
        Assert.Contains(keys, row => row.Contains(0U));
        Close.Check([.. predicted.GetColumn<float>("Score")], onnx.Run([.. keys.SelectMany(row => row).Select(key => (float)key)])["score"]);
    }

    [Fact]
    public void Anomalous_images_come_plane_by_plane()
    {
        var options = Fast("Amount");
        options.FeatureColumnName = "Image";
        CheckPipeline(_mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options), ["Score", "PredictedLabel"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(9)]
    public void Hidden_layers_of_an_ensemble(int? operators)
    {
        var rows = Rows(missing: true);
        var options = Fast("Amount");
        options.EnsembleSize = 2;
        var model = Tabular().Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(rows);
        ConvertedPipeline.Check(_mlContext, model.Append(_mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(model.Transform(rows))), rows, ["HiddenFeatures", "Score"], operators);
    }

    [Fact]
    public void Hidden_layer_of_images_that_come_plane_by_plane()
    {
        var rows = Rows(missing: false);
        var options = Fast("Amount");
        (options.FeatureColumnName, options.Layers) = ("Image", [new ConvolutionLayer(4, 3, padding: Padding.Same, activation: Activation.ReLU)]);
        var model = _mlContext.Transforms.DenseNeuralNet(options).Fit(rows);
        ConvertedPipeline.Check(_mlContext, _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Fit(rows), rows, ["HiddenFeatures"]);
    }

    [Fact]
    public void Another_threshold_is_kept()
    {
        var rows = Rows(missing: false);
        var model = Tabular().Append(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Fast("IsLarge"))).Fit(rows);
        var changed = _mlContext.BinaryClassification.ChangeModelThreshold(model.LastTransformer, 1.5f);
        ConvertedPipeline.Check(_mlContext, new TransformerChain<ITransformer>([.. model.SkipLast(1), changed]), rows, ["Score", "Probability", "PredictedLabel"]);
    }

    [Fact]
    public void Loaded_model_is_the_same()
    {
        var rows = Rows(missing: true);
        var model = Tabular().Append(_mlContext.Transforms.DenseNeuralNet(Fast("Amount"))).Fit(rows);
        using var stream = new MemoryStream();
        _mlContext.Model.Save(model, rows.Schema, stream);
        stream.Position = 0;
        ConvertedPipeline.Check(_mlContext, _mlContext.Model.Load(stream, out _), rows, ["Score"]);
    }

    [Fact]
    public void Model_without_its_pipeline_takes_features()
    {
        var rows = Rows(missing: true);
        var model = Tabular().Append(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(Fast("IsLarge"))).Fit(rows);
        using var onnx = OnnxModel.Of(model.LastTransformer.Model);
        var predicted = model.Transform(rows);
        Assert.Equal([-1, 5], onnx.Inputs["features"].Dimensions);
        var outputs = onnx.Run([.. predicted.GetColumn<float[]>("Features").SelectMany(row => row)]);
        Close.Check([.. predicted.GetColumn<float>("Score")], outputs["score"]);
        Close.Check([.. predicted.GetColumn<float>("Probability")], outputs["probability"]);
    }

    /// <summary>Which the guide says: ML.NET's transforms behind them have no ONNX, and what stands before them has.</summary>
    [Fact]
    public void Intervals_and_contributions_are_refused_and_the_pipeline_before_them_is_not()
    {
        var rows = Rows(missing: true);
        var options = Fast("Amount");
        options.ValidationFraction = 0.2f;
        var model = Tabular().Append(_mlContext.Transforms.DenseNeuralNet(options)).Fit(rows);
        var scored = model.Transform(rows);
        ITransformer[] steps = [_mlContext.Transforms.CalculatePredictionInterval(model).Fit(scored), _mlContext.Transforms.CalculateDenseNeuralNetContribution(model).Fit(scored)];
        foreach (var step in steps)
        {
            using var stream = new MemoryStream();
            Assert.Contains("can not be fully converted", Assert.Throws<InvalidOperationException>(() => _mlContext.Model.ConvertToOnnx(model.Append(step), rows, stream)).Message, StringComparison.Ordinal);
        }

        ConvertedPipeline.Check(_mlContext, model, rows, ["Score"]);
    }

    /// <summary>What a table goes through: a column with missing numbers, and a category.</summary>
    private EstimatorChain<ITransformer> Tabular() => _mlContext.Transforms.Categorical.OneHotEncoding("Color")
        .Append(_mlContext.Transforms.Concatenate("Features", "Size", "Weight", "Color")).Append((IEstimator<ITransformer>)_mlContext.Transforms.CopyColumns("Copied", "Features"));

    /// <summary>A vector of keys, of which some are missing.</summary>
    private EstimatorChain<ValueToKeyMappingTransformer> Colors() =>
        _mlContext.Transforms.Concatenate("Texts", "Color", "Kind").Append(_mlContext.Transforms.Conversion.MapValueToKey("Colors", "Texts", maximumNumberOfKeys: 3));

    /// <summary>The default network, with little training.</summary>
    private static DenseNeuralNetOptions Fast(string label) => new() { LabelColumnName = label, NumberOfEpochs = 2, NumberOfThreads = 1, Verbosity = Verbosity.Silent };

    private IDataView Rows(bool missing)
    {
        var random = new Random(5);
        string[] colors = ["red", "green", "blue"];
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 300).Select(i =>
        {
            var (size, weight, color) = (10 * random.NextSingle(), random.NextSingle(), random.Next(3));
            return new Row
            {
                Size = missing && i % 7 == 0 ? float.NaN : size,
                Weight = weight,
                Color = colors[color],
                Image = [.. Enumerable.Range(0, 60).Select(_ => random.NextSingle())],
                Texts = [colors[color], $"{(int)(size / 3)}"],
                Step = [size, weight, color],
                Amount = size + color * weight,
                IsLarge = size + color > 6,
                Count = (int)size,
                Labels = [size > 5, weight > 0.5f],
                Kind = $"{(int)(size / 3)}",
                Both = [size, weight + color],
            };
        }).ToArray());
    }

    private void CheckPipeline<T>(IEstimator<T> pipeline, string[] columns, int? operators = null) where T : class, ITransformer
    {
        foreach (var missing in new[] { false, true })
        {
            var rows = Rows(missing);
            ConvertedPipeline.Check(_mlContext, pipeline.Fit(rows), rows, columns, operators);
        }
    }
}
