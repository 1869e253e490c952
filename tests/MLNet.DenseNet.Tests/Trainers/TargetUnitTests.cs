using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Nothing is decided by the unit that a target happens to be measured in.</summary>
public class TargetUnitTests
{
    private const int Rows = 600;

    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Noise in a unit a thousand times as large would alone say when to stop, and which epoch was the best.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void Each_of_several_outputs_counts_the_same(DataCaching caching)
    {
        var expected = Explained(1);
        Assert.InRange(expected, 0.94, 1);
        foreach (var unit in (float[])[1000, 1e30f])
            Assert.Equal(expected, Explained(unit), 0.001);

        double Explained(float unit)
        {
            var rows = Made(row => [row.Signal, row.Noise * unit]);
            return RSquared(Trainer(o => o.DataCaching = caching).Fit(Load(rows)), rows, output: 0);
        }
    }

    [Theory]
    [InlineData("squared", DataCaching.Memory)]
    [InlineData("squared", DataCaching.Stream)]
    [InlineData("absolute", DataCaching.Memory)]
    [InlineData("Huber", DataCaching.Memory)]
    public void Labels_of_any_size_are_learned_alike(string name, DataCaching caching)
    {
        var expected = Learned(1);
        Assert.InRange(expected, 0.9, 1);
        foreach (var unit in name == "squared" && caching == DataCaching.Memory ? (float[])[1e-38f, 1e-25f, 1e19f, 1e38f] : [1e-38f, 1e38f])
            Assert.Equal(expected, Learned(unit), 0.001);

        double Learned(float unit)
        {
            var rows = Made(row => [row.Signal * unit]);
            var model = Trainer(o =>
            {
                o.DataCaching = caching;
                // A delta is one of the target's units.
                o.Loss = name switch { "absolute" => new MeanAbsoluteError(), "Huber" => new HuberLoss(Math.Min(0.5f * unit, 1e38f)), _ => null };
            }).Fit(Load(rows));
            var history = model.Model.History!;
            Assert.All(history, epoch => Assert.True(double.IsFinite(epoch.Loss) && epoch.Loss > 0 && epoch.MonitoredLoss is > 0 and < 10, $"{epoch}"));
            return RSquared(model, rows, output: 0);
        }
    }

    [Fact]
    public void Labels_below_the_smallest_normal_number_are_learned_as_far_as_they_can_be_told_apart()
    {
        var rows = Made(row => [row.Signal * 1e-40f]);
        Assert.InRange(RSquared(Trainer().Fit(Load(rows)), rows, output: 0), 0.9, 1);
    }

    [Theory]
    [InlineData(0.001f, DataCaching.Memory, null)]
    [InlineData(3f, DataCaching.Stream, null)]
    [InlineData(3f, DataCaching.Memory, 5)]
    [InlineData(1e30f, DataCaching.Memory, 5)]
    [InlineData(-1e-40f, DataCaching.Memory, 5)]
    [InlineData(0f, DataCaching.Memory, 5)]
    public void Outputs_that_are_always_the_same_are_exact(float constant, DataCaching caching, int? epochs)
    {
        Action<DenseNeuralNetOptions> change = o => (o.DataCaching, o.NumberOfEpochs) = (caching, epochs);
        var alone = Made(_ => [constant]);
        var model = Trainer(change).Fit(Load(alone));
        Assert.All(Scores(model, alone), scores => Assert.Equal([constant], scores));
        Assert.All(model.Model.History!, epoch => Assert.Equal((0, 0), (epoch.Loss, epoch.MonitoredLoss)));

        var oneOfTwo = Made(row => [constant, row.Signal]);
        var scored = Scores(Trainer(change).Fit(Load(oneOfTwo)), oneOfTwo);
        Assert.All(scored, scores => Assert.Equal(constant, scores[0]));
        Assert.True(scored.Select(scores => scores[1]).Distinct().Count() > Rows / 2);
    }

    /// <summary>The mean of an ensemble's members is a sum of rounded shares.</summary>
    [Theory]
    [InlineData(2, -1e-44f)]
    [InlineData(3, 3.3e38f)]
    [InlineData(5, 0.1f)]
    [InlineData(10, 16777217f)]
    public void Outputs_that_are_always_the_same_are_exact_in_ensembles_of_any_size(int members, float constant)
    {
        var rows = Made(row => [constant, row.Signal]);
        var scored = Scores(Trainer(o => (o.EnsembleSize, o.NumberOfEpochs) = (members, 2)).Fit(Load(rows)), rows);
        Assert.All(scored, scores => Assert.Equal(constant, scores[0]));
    }

    /// <summary>What is told is the error, though it does not decide.</summary>
    [Theory]
    [InlineData("squared", 1f)]
    [InlineData("squared", 1e25f)]
    [InlineData("absolute", 1f)]
    [InlineData("Huber", 1f)]
    public void What_is_the_same_in_training_alone_is_measured_where_it_differs(string name, float unit)
    {
        Loss? loss = name switch { "absolute" => new MeanAbsoluteError(), "Huber" => new HuberLoss(3), _ => null };
        var (constant, varying) = (Made(row => [5 * unit, row.Signal]), Made(row => [5 * unit + 4 * unit * row.Noise, row.Signal]));
        Action<DenseNeuralNetOptions> change = o => (o.NumberOfEpochs, o.Loss) = (3, loss);
        var model = Trainer(change).Fit(Load(constant), Load(varying));
        var same = Trainer(change).Fit(Load(constant), Load(constant));
        var expected = Scores(model, varying).Zip(varying, (scores, row) => scores.Zip(row.Targets, (score, target) => Of(Math.Abs((double)score - target))).Average()).Average();
        Assert.Equal(1, model.Model.History![^1].ValidationLoss!.Value / expected, 1e-4);
        Assert.Equal(same.Model.History!.Select(epoch => epoch.MonitoredLoss), model.Model.History.Select(epoch => epoch.MonitoredLoss), (a, b) => Math.Abs(a - b) < 1e-6);

        double Of(double error) => name switch { "absolute" => error, "Huber" => Math.Min(error, 3) * (error - Math.Min(error, 3) / 2), _ => error * error };
    }

    [Fact]
    public void A_single_output_that_is_always_the_same_is_exact_too()
    {
        var rows = _mlContext.Data.LoadFromEnumerable(Sample.Rows(300).Select(row => { row.Number = 0.001f; return row; }).ToArray());
        var model = _mlContext.Regression.Trainers.DenseNeuralNet(labelColumnName: nameof(Sample.Number)).Fit(rows);
        Assert.All(model.Transform(rows).GetColumn<float>("Score"), score => Assert.Equal(0.001f, score));
    }

    /// <summary>Rows that are all the same say nothing of others, which the model knows already.</summary>
    [Fact]
    public void Going_on_with_rows_of_one_value_forgets_nothing()
    {
        foreach (var unit in (float[])[1, 1e-30f, 1e30f])
        {
            var rows = Made(row => [row.Signal * unit]);
            var trainer = Trainer(o => (o.NumberOfEpochs, o.EnsembleSize) = (40, 1));
            var model = trainer.Fit(Load(rows));
            var same = rows.OrderBy(row => row.Targets[0]).Skip(Rows / 2).Take(20).Select(row => new Row { Features = row.Features, Targets = [rows[0].Targets[0]] }).ToList();
            var onward = Trainer(o => (o.NumberOfEpochs, o.EnsembleSize, o.LearningRate) = (1, 1, 1e-4f)).Fit(Load(same), model.Model);
            Assert.InRange(RSquared(onward, rows, output: 0), RSquared(model, rows, output: 0) - 0.05, 1);
        }
    }

    [Fact]
    public void Going_on_from_a_model_works_in_any_unit()
    {
        var found = ((float[])[1, 1e-30f, 1e30f]).Select(unit =>
        {
            var rows = Made(row => [row.Signal * unit, row.Noise / unit]);
            var trainer = Trainer(o => (o.NumberOfEpochs, o.EnsembleSize) = (10, 1));
            return RSquared(trainer.Fit(Load(rows), trainer.Fit(Load(rows)).Model), rows, output: 0);
        }).ToArray();
        Assert.InRange(found[0], 0.9, 1);
        Assert.All(found, value => Assert.Equal(found[0], value, 0.001));
    }

    [Fact]
    public void The_rate_that_is_found_depends_on_no_unit()
    {
        var suggestions = ((float[])[1, 1e-25f, 1e25f]).Select(unit => Trainer(o => o.EnsembleSize = 1).FindLearningRate(Load(Made(row => [row.Signal, row.Noise * unit]))).Suggestion!.Value).ToArray();
        Assert.All(suggestions, suggestion => Assert.Equal(1, suggestion / suggestions[0], 0.15f));
    }

    /// <summary>Its outputs cannot stand for others: targets are learned as they are, and the loss that is told decides.</summary>
    [Fact]
    public void Behind_an_output_activation_what_is_told_decides()
    {
        var rows = Made(row => [0.5f + row.Signal / 10, 0.5f]);
        var model = Trainer(o => (o.OutputActivation, o.NumberOfEpochs, o.ValidationFraction) = (Activation.Sigmoid, 5, 0.2f)).Fit(Load(rows));
        Assert.All(model.Model.History!, epoch => Assert.Equal((epoch.Loss, epoch.ValidationLoss), (epoch.Objective, epoch.MonitoredLoss)));
    }

    /// <summary>No rate helps where the model begins 1e30 deviations away.</summary>
    [Fact]
    public void Going_on_in_a_far_smaller_unit_names_the_model_where_it_diverges()
    {
        var model = Trainer(o => o.NumberOfEpochs = 5).Fit(Load(Made(row => [row.Signal * 1e30f])));
        var small = Load(Made(row => [row.Signal]));
        var error = Assert.Throws<TrainingDivergedException>(() => Trainer(o => o.NumberOfEpochs = 5).Fit(small, model.Model));
        Assert.Contains("The model to go on from predicts numbers that differ about", error.Message, StringComparison.Ordinal);
        Assert.NotNull(Trainer(o => o.NumberOfEpochs = 5).Fit(small).Model.History);
    }

    private static List<Row> Made(Func<(float Signal, float Noise), float[]> targets)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Rows).Select(_ =>
        {
            var (a, b, c) = (Uniform(), Uniform(), Uniform());
            return new Row { Features = [a, b, c], Targets = targets((MathF.Sin(3 * a) * b + MathF.Cos(2 * c), Uniform() * 1.7f)) };
        })];

        float Uniform() => random.NextSingle() * 2 - 1;
    }

    private DenseNeuralNetMultiOutputRegressionTrainer Trainer(Action<DenseNeuralNetOptions>? change = null)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Row.Targets), Seed = 1 };
        change?.Invoke(options);
        return _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(options);
    }

    private IDataView Load(List<Row> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Targets)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Targets.Length);
        return _mlContext.Data.LoadFromEnumerable(rows, schema);
    }

    private float[][] Scores(ITransformer model, List<Row> rows) => [.. model.Transform(Load(rows)).GetColumn<float[]>("Score")];

    /// <summary>In float64: ML.NET's own evaluator squares errors in float32.</summary>
    private double RSquared(ITransformer model, List<Row> rows, int output)
    {
        var mean = rows.Average(row => (double)row.Targets[output]);
        var errors = Scores(model, rows).Zip(rows, (scores, row) => Math.Pow((double)scores[output] - row.Targets[output], 2)).Sum();
        return 1 - errors / rows.Sum(row => Math.Pow(row.Targets[output] - mean, 2));
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float[] Targets { get; set; } = [];

    }
}
