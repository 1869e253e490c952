using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Tests.EstimatorContract;
using MLNet.DenseNet.Tests.Shapes;

namespace MLNet.DenseNet.Tests.HiddenFeatures;

/// <summary>What a hidden layer puts out, as a column: for all tasks, ensembles, images in planes and sparse rows, against the engine's own forward pass.</summary>
public class HiddenFeatureTests
{
    private const string Column = "HiddenFeatures";

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _rows;

    public HiddenFeatureTests() => _rows = _mlContext.Data.LoadFromEnumerable(Sample.Rows(300));

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Last_hidden_layer_of_any_task_is_that_of_the_forward_pass(string task)
    {
        var model = Tasks.Pipeline(_mlContext, task, options => options.HiddenLayers = [7, 5]).Fit(_rows);
        var network = model.GetDenseNeuralNet().Network;
        // Standardization, 7 units, 5 units, outputs.
        Assert.Equal(4, network.Layers.Count);
        Assert.Equal(Outputs(network, 2, FeaturesOf(_rows)), Hidden(model, _rows));
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 7)]
    [InlineData(2, 5)]
    public void Any_layer_before_the_last_can_be_had(int layer, int size)
    {
        var model = Tasks.Pipeline(_mlContext, Tasks.Regression, options => options.HiddenLayers = [7, 5]).Fit(_rows);
        var hidden = Hidden(model, _rows, layer);
        Assert.All(hidden, row => Assert.Equal(size, row.Length));
        Assert.Equal(Outputs(model.GetDenseNeuralNet().Network, layer, FeaturesOf(_rows)), hidden);
    }

    [Fact]
    public void Members_of_an_ensemble_follow_each_other()
    {
        var model = Tasks.Pipeline(_mlContext, Tasks.Binary, options => (options.HiddenLayers, options.EnsembleSize) = ([6], 3)).Fit(_rows);
        var hidden = Hidden(model, _rows);
        Assert.All(hidden, row => Assert.Equal(3 * 6, row.Length));
        var members = model.GetDenseNeuralNet().Network.Members.ToArray().Select(member => Outputs(member, 1, FeaturesOf(_rows))).ToArray();
        for (var row = 0; row < hidden.Length; row++)
            Assert.Equal(members.SelectMany(member => member[row]), hidden[row]);
    }

    [Fact]
    public void Default_network_has_them_too()
    {
        var model = _mlContext.Transforms.DenseNeuralNet(nameof(Sample.Number), seed: 1).Fit(_rows);
        Assert.All(Hidden(model, _rows), row => Assert.Equal(4 * 32, row.Length));
    }

    [Theory]
    [InlineData("planes")]
    [InlineData("pixels")]
    public void Images_come_in_any_order(string order)
    {
        var rows = ShapedRow.View(order);
        var model = _mlContext.Transforms.DenseNeuralNet(ShapedNetworks.Options("convolutional", Tasks.Regression, order)).Fit(rows);
        var network = model.GetDenseNeuralNet().Network;
        // In the engine's order, whatever the column's.
        var pixels = FeaturesOf(ShapedRow.View("pixels"));
        foreach (var layer in new[] { 1, network.Layers.Count - 2 })
            Assert.Equal(Outputs(network, layer, pixels), Hidden(model, rows, layer));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hidden(model, ShapedRow.View(order == "planes" ? "pixels" : "planes")));
    }

    [Fact]
    public void Sparse_rows_are_as_dense_ones()
    {
        var (dense, sparse) = (ShapedRow.View("flat", share: 0.05), ShapedRow.View("flat", share: 0.05, isSparse: true));
        var model = _mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [6], NumberOfEpochs = 2, Seed = 1 }).Fit(sparse);
        foreach (var (expected, actual) in Hidden(model, dense).Zip(Hidden(model, sparse)))
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Missing_features_count_as_in_predictions()
    {
        var rows = Sample.Rows(300);
        foreach (var row in rows.Where((_, index) => index % 5 == 0))
            row.Features[1] = float.NaN;
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        var model = Tasks.Pipeline(_mlContext, Tasks.Regression).Fit(data);
        var hidden = Hidden(model, data);
        Assert.All(hidden, row => Assert.True(row.All(float.IsFinite)));
        Assert.Equal(Outputs(model.GetDenseNeuralNet().Network, 2, FeaturesOf(data)), hidden);
    }

    [Fact]
    public void Linear_trainer_learns_from_them_what_it_cannot_from_the_features()
    {
        // Whether a row belongs to the class is the sign of a product, which no line tells.
        var model = Tasks.Pipeline(_mlContext, Tasks.Binary, options => (options.NumberOfEpochs, options.LearningRate) = (40, 0.01f)).Fit(_rows);
        var test = _mlContext.Data.LoadFromEnumerable(Sample.Rows(500, seed: 2));
        Assert.InRange(Auc(nameof(Sample.Features)), 0, 0.65);
        Assert.InRange(Auc(Column), 0.97, 1);

        double Auc(string features)
        {
            var pipeline = _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model).Append(_mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Sample.Flag), features));
            return _mlContext.BinaryClassification.Evaluate(pipeline.Fit(_rows).Transform(test), nameof(Sample.Flag)).AreaUnderRocCurve;
        }
    }

    [Fact]
    public void Are_saved_with_their_pipeline_and_predict_row_by_row()
    {
        var model = Tasks.Pipeline(_mlContext, Tasks.Multiclass, options => options.EnsembleSize = 2).Fit(_rows);
        var extracting = _mlContext.Transforms.CopyColumns("Copied", nameof(Sample.Number)).Append(_mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, "Hidden", layer: 1)).Fit(_rows);
        var expected = extracting.Transform(_rows).GetColumn<float[]>("Hidden").ToArray();
        var loaded = SavedModel.Reload(extracting, _rows.Schema);
        Assert.Equal(expected, loaded.Transform(_rows).GetColumn<float[]>("Hidden"));
        // The model inside is found and goes on being one.
        Assert.Equal(expected, SavedModel.Reload(loaded, _rows.Schema).Transform(_rows).GetColumn<float[]>("Hidden"));

        var engine = _mlContext.Model.CreatePredictionEngine<Sample, HiddenRow>(loaded);
        Assert.Equal(expected, Sample.Rows(300).Select(row => engine.Predict(row).Hidden));
    }

    [Fact]
    public void Column_is_promised_and_rows_of_another_kind_are_refused()
    {
        var model = Tasks.Pipeline(_mlContext, Tasks.Regression).Fit(_rows);
        var estimator = _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model);
        Assert.Equal(Describe(estimator.GetOutputSchema(PromisedSchema.ShapeOf(_rows.Schema))), Describe(PromisedSchema.ShapeOf(estimator.Fit(_rows).GetOutputSchema(_rows.Schema))));

        var others = _mlContext.Transforms.Concatenate(nameof(Sample.Features), nameof(Sample.Features), nameof(Sample.Number)).Fit(_rows).Transform(_rows);
        Assert.Contains("vector of 4 values of Single", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(others)).Message, StringComparison.Ordinal);
        var without = _mlContext.Transforms.DropColumns(nameof(Sample.Features)).Fit(_rows).Transform(_rows);
        Assert.Contains(nameof(Sample.Features), Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(without)).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Sample.Features), Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(PromisedSchema.ShapeOf(without.Schema))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_hidden_layer_is_an_error()
    {
        var model = Tasks.Pipeline(_mlContext, Tasks.Regression).Fit(_rows);
        foreach (var layer in new[] { -1, 2, 3 })
            Assert.Contains("layers 0 to 1", Assert.Throws<ArgumentOutOfRangeException>("layer", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, layer: layer)).Message, StringComparison.Ordinal);
        var linear = Tasks.Pipeline(_mlContext, Tasks.Regression, options => options.HiddenLayers = []).Fit(_rows);
        Assert.Contains("no hidden layer", Assert.Throws<ArgumentException>("model", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(linear)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("outputColumnName", () => _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, ""));
    }

    private static IEnumerable<string> Describe(SchemaShape shape) => shape.Select(column => $"{column.Name}: {column.Kind} {column.ItemType}").Order(StringComparer.Ordinal);

    private float[][] Hidden(ITransformer model, IDataView rows, int? layer = null) =>
        [.. _mlContext.Transforms.ExtractDenseNeuralNetFeatures(model, layer: layer).Fit(rows).Transform(rows).GetColumn<float[]>(Column)];

    private static float[][] FeaturesOf(IDataView rows) => [.. rows.GetColumn<VBuffer<float>>("Features").Select(row => row.DenseValues().ToArray())];

    /// <summary>What a layer puts out for each row, by the engine.</summary>
    private static float[][] Outputs(Network network, int layer, float[][] rows)
    {
        using var workspace = network.CreateWorkspace(1);
        return [.. rows.Select(row =>
        {
            network.Forward(row, workspace);
            return workspace.Output(layer).ToArray();
        })];
    }

    private sealed class HiddenRow
    {
        public float[] Hidden { get; set; } = [];
    }
}
