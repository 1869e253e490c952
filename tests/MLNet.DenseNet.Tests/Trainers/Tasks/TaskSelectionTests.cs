using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.EstimatorContract;

namespace MLNet.DenseNet.Tests;

public class TaskSelectionTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(Tasks.Multiclass, "PredictedLabel: Key<UInt32, 0-2>; Score: Vector<Single, 3>")]
    [InlineData(Tasks.Binary, "PredictedLabel: Boolean; Probability: Single; Score: Single")]
    [InlineData(Tasks.Regression, "Score: Single")]
    [InlineData(Tasks.MultiOutput, "Score: Vector<Single, 2>")]
    public void The_label_column_picks_the_task_and_its_outputs(string task, string outputs)
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50));
        var pipeline = Tasks.Pipeline(_mlContext, task);
        var scored = pipeline.Fit(data).Transform(data);

        var added = scored.Schema.Where(c => data.Schema.GetColumnOrNull(c.Name) is null && c.Name != "Label").OrderBy(c => c.Name, StringComparer.Ordinal);
        Assert.Equal(outputs, string.Join("; ", added.Select(c => $"{c.Name}: {c.Type}")));
    }

    [Theory]
    [InlineData(nameof(Labels.Text), "String")]
    [InlineData(nameof(Labels.Double), "Double")]
    [InlineData(nameof(Labels.Variable), "VarVector")]
    [InlineData(nameof(Labels.Whole), "Int32")]
    public void An_unfit_label_type_is_an_error_before_training(string label, string typeName)
    {
        var data = _mlContext.Data.LoadFromEnumerable(new[] { new Labels() });
        var estimator = _mlContext.Transforms.DenseNeuralNet(labelColumnName: label);

        var atSchema = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(PromisedSchema.ShapeOf(data.Schema)));
        Assert.Contains($"label column '{label}'", atSchema.Message, StringComparison.Ordinal);
        Assert.Contains("MapValueToKey", atSchema.Message, StringComparison.Ordinal);
        Assert.Contains($"got {typeName}", atSchema.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data));
    }

    [Fact]
    public void A_label_of_another_task_is_an_error_in_a_task_catalog()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(10));
        var shape = PromisedSchema.ShapeOf(data.Schema);
        Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet("Flag").GetOutputSchema(shape));
        Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet("Number").GetOutputSchema(shape));
        Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Regression.Trainers.DenseNeuralNet("Flag").GetOutputSchema(shape));
    }

    [Fact]
    public void Class_names_reach_slot_names_and_key_values()
    {
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50));
        var scored = Tasks.Pipeline(_mlContext, Tasks.Multiclass).Fit(data).Transform(data);

        var slots = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["Score"].GetSlotNames(ref slots);
        var keys = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["PredictedLabel"].GetKeyValues(ref keys);
        var names = keys.DenseValues().Select(v => v.ToString()).ToArray();
        Assert.Equal(["high", "low", "middle"], names.Order());
        Assert.Equal(names, slots.DenseValues().Select(v => v.ToString()));
    }

    private sealed class Labels
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [1, 2];

        public string Text { get; set; } = "a";

        public double Double { get; set; }

        public float[] Variable { get; set; } = [1];

        public int Whole { get; set; }
    }
}
