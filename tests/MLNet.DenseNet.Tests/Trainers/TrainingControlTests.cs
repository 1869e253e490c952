using System.Collections;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Validation, early stopping, cancellation and class weights as a user of ML.NET reaches them.</summary>
public class TrainingControlTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public TrainingControlTests() => _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(100));

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void A_fraction_of_the_rows_is_measured_and_not_learned_from(string task)
    {
        var epochs = new List<EpochSummary>();
        Tasks.Pipeline(_mlContext, task, o => (o.ValidationFraction, o.EpochCompleted) = (0.25f, epochs.Add)).Fit(_data);
        var isClassification = task is Tasks.Multiclass or Tasks.Binary;
        Assert.All(epochs, e => Assert.Equal(
            (true, isClassification, isClassification, !isClassification, !isClassification),
            (e.ValidationLoss > 0, e.Accuracy is not null, e.ValidationAccuracy is not null, e.RSquared is not null, e.ValidationRSquared is not null)));
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Batches_and_the_end_are_reported_from_a_pipeline(string task)
    {
        var (batches, ended) = (new List<BatchProgress>(), new List<TrainingHistory>());
        Tasks.Pipeline(_mlContext, task, o => (o.BatchCompleted, o.TrainingCompleted) = (batches.Add, ended.Add)).Fit(_data);
        var history = Assert.Single(ended);
        Assert.Equal(history.Count * batches[0].NumberOfBatches, batches.Count);
        Assert.Equal(history.Select(e => e.Loss), batches.Where(b => b.Batch == b.NumberOfBatches).Select(b => b.Loss));
    }

    [Fact]
    public void A_validation_set_in_the_options_is_that_of_the_method()
    {
        var validation = _mlContext.Data.LoadFromEnumerable(Sample.Rows(50, seed: 5));
        var byOptions = Trainer(o => o.ValidationSet = validation).Fit(_data).Model.History!;
        var byMethod = Trainer(_ => { }).Fit(_data, validation).Model.History!;
        Assert.Equal(50, byOptions.Settings.ValidationRows);
        Assert.Equal(byMethod.Select(e => e.ValidationLoss), byOptions.Select(e => e.ValidationLoss));
        // The method's goes before.
        Assert.Equal(100, Trainer(o => o.ValidationSet = validation).Fit(_data, _data).Model.History!.Settings.ValidationRows);
    }

    [Fact]
    public void A_validation_set_with_other_columns_is_refused()
    {
        var other = _mlContext.Transforms.DropColumns("Flag").Fit(_data).Transform(_data);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Trainer(o => o.ValidationSet = other).Fit(_data));
        Assert.Contains("'Flag'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_validation_set_goes_through_the_earlier_steps_as_documented()
    {
        var earlier = _mlContext.Transforms.NormalizeMinMax("Features");
        var options = new DenseNeuralNetOptions { LabelColumnName = "Flag", HiddenLayers = [4], NumberOfEpochs = 2, Seed = 1 };
        var steps = earlier.Fit(_data);
        options.ValidationSet = steps.Transform(_data);
        var model = steps.Append(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(steps.Transform(_data)));
        options.ValidationSet = null;
        var chain = earlier.Append(_mlContext.BinaryClassification.Trainers.DenseNeuralNet(options)).Fit(_data);
        Assert.Equal(Tasks.ScoreBits(chain.Transform(_data)), Tasks.ScoreBits(model.Transform(_data)));
        Assert.Equal(100, model.LastTransformer.Model.History!.Settings.ValidationRows);
    }

    [Fact]
    public void Early_stopping_ends_with_the_best_epoch()
    {
        var history = Trainer(o => (o.ValidationFraction, o.NumberOfEpochs, o.EarlyStopping, o.LearningRate) =
            (0.3f, 500, new EarlyStopping(EarlyStoppingMetric.TaskMetric, patience: 5), 0.05f)).Fit(_data).Model.History!;
        Assert.Equal(TrainingEnd.EarlyStopped, history.End);
        Assert.Equal(history.MaxBy(e => e.ValidationAccuracy)!.Epoch, history.RestoredEpoch);
        Assert.Equal(history.RestoredEpoch + 5, history.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_is_cancelled_by_token_or_context(bool byContext)
    {
        using var source = new CancellationTokenSource();
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromEnumerable(Sample.Rows(100));
        var options = new DenseNeuralNetOptions { LabelColumnName = "Flag", HiddenLayers = [4], NumberOfEpochs = 1000, CancellationToken = source.Token };
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 3 && byContext)
                Cancel(mlContext);
            else if (e.Epoch == 3)
                source.Cancel();
        };
        Assert.Throws<OperationCanceledException>(() => mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(data));
    }

    [Fact]
    public void Reading_is_cancelled_too()
    {
        using var source = new CancellationTokenSource();
        var read = 0;
        var data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(1000).Select(row =>
        {
            if (++read == 500)
                source.Cancel();
            return row;
        }));
        var error = Assert.Throws<OperationCanceledException>(() => Trainer(o => o.CancellationToken = source.Token).Fit(data));
        Assert.Contains("rows of the training data were read", error.Message, StringComparison.Ordinal);
        Assert.InRange(read, 500, 502);
    }

    [Fact]
    public void Checkpoints_need_a_seed_and_a_training_resumes_from_one()
    {
        var folder = Directory.CreateTempSubdirectory("densenet").FullName;
        try
        {
            var noSeed = new DenseNeuralNetOptions { LabelColumnName = "Flag", Checkpoints = new Checkpoints(folder) };
            Assert.Throws<ArgumentOutOfRangeException>("Seed", () => new MLContext().BinaryClassification.Trainers.DenseNeuralNet(noSeed).Fit(_data));

            var whole = Tasks.ScoreBits(Trainer(_ => { }).Fit(_data).Transform(_data));
            Assert.Throws<TimeoutException>(() => Trainer(o => (o.Checkpoints, o.EpochCompleted) = (new Checkpoints(folder), _ => throw new TimeoutException())).Fit(_data));
            var resumed = Trainer(o => o.Checkpoints = new Checkpoints(folder)).Fit(_data);
            Assert.Equal(whole, Tasks.ScoreBits(resumed.Transform(_data)));
            Assert.Equal(3, resumed.Model.History!.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_saved_is_a_warning_in_the_log()
    {
        var folder = Directory.CreateTempSubdirectory("densenet").FullName;
        try
        {
            var (warnings, blocked) = (new List<string>(), Path.Combine(folder, "training.checkpoint.unfinished"));
            _mlContext.Log += (_, e) => warnings.AddRange(e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? [e.RawMessage] : []);
            var history = Trainer(o => (o.Checkpoints, o.Verbosity, o.EpochCompleted) = (new Checkpoints(folder), Verbosity.Silent, e =>
            {
                if (e.Epoch == 1)
                    Directory.CreateDirectory(blocked);
                else if (e.Epoch == 2)
                    Directory.Delete(blocked);
            }
            )).Fit(_data).Model.History!;
            Assert.Equal([false, true, false], history.Select(e => e.CheckpointError is not null));
            Assert.Equal([history[1].CheckpointError!.Message], warnings);
            Assert.Contains("could not be saved after epoch 2", warnings[0], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_cancelled_training_may_return_its_model()
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = "Flag", HiddenLayers = [4], NumberOfEpochs = 1000, CancellationBehavior = CancellationBehavior.ReturnModel };
        options.EpochCompleted = e =>
        {
            if (e.Epoch == 3)
                Cancel(_mlContext);
        };
        var history = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(_data).Model.History!;
        Assert.Equal((TrainingEnd.Canceled, 3), (history.End, history.Count));
    }

    [Fact]
    public void Class_weights_lift_the_rare_class()
    {
        // One row in ten is positive, by a feature that tells little.
        var random = new Random(1);
        var rows = Enumerable.Range(0, 1000)
            .Select(i => new Skewed { Flag = i % 10 == 0, Features = [random.NextSingle() * 2 - 1 + (i % 10 == 0 ? 0.5f : 0)] }).ToArray();
        var data = _mlContext.Data.LoadFromEnumerable(rows);
        Assert.True(Recall(null) < 0.2);
        Assert.True(Recall(ClassWeights.Balanced) > 0.5);
        Assert.True(Recall(ClassWeights.Given([1, 9])) > 0.5);

        double Recall(ClassWeights? weights)
        {
            var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
            {
                LabelColumnName = "Flag",
                HiddenLayers = [],
                ClassWeights = weights,
                LearningRate = 0.01f,
                NumberOfEpochs = 20,
                Seed = 1,
            });
            return _mlContext.BinaryClassification.EvaluateNonCalibrated(trainer.Fit(data).Transform(data), "Flag").PositiveRecall;
        }
    }

    [Theory]
    [InlineData(Verbosity.Silent, 0, 0)]
    [InlineData(Verbosity.Summary, 2, 0)]
    [InlineData(Verbosity.Epochs, 2, 3)]
    public void The_log_has_as_many_lines_as_the_verbosity_says(Verbosity verbosity, int summary, int epochs)
    {
        var lines = new List<string>();
        _mlContext.Log += (_, e) => lines.Add(e.RawMessage);
        Trainer(o => o.Verbosity = verbosity).Fit(_data);
        Assert.Equal(epochs, lines.Count(line => line.StartsWith("Epoch ", StringComparison.Ordinal)));
        string[] expected = ["Training [Standardization, limit 3: 4 -> 4, 0 parameters; Dense 8 SiLU: 4 -> 8, 40 parameters; Dense 1 sigmoid: 8 -> 1, 9 parameters]", "Training ended (Completed) after 3 epochs"];
        Assert.Equal(summary, expected.Count(start => lines.Any(line => line.StartsWith(start, StringComparison.Ordinal))));
    }

    /// <summary>ML.NET's environment keeps what nobody reads, so a search of many trainings would keep hundreds of megabytes.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(500, 2)]
    public void Of_the_progress_that_nobody_asks_for_the_first_and_the_last_epoch_are_kept(int epochs, int kept)
    {
        Trainer(o => o.NumberOfEpochs = epochs).Fit(_data);
        var events = Progress();
        Assert.Equal(["Start", .. Enumerable.Repeat("Progress", kept), "Stop"], events.Select(e => e.Kind));
        Assert.Equal(kept == 1 ? [1] : [1, epochs], events.Where(e => e.Epoch is not null).Select(e => e.Epoch!.Value));
    }

    [Fact]
    public void Who_asks_for_progress_gets_each_epoch_with_its_numbers()
    {
        var seen = new List<(string Kind, double? Epoch, double? Loss)>();
        var losses = new List<double>();
        Trainer(o =>
        {
            o.NumberOfEpochs = 20;
            o.EpochCompleted = epoch =>
            {
                losses.Add(epoch.Loss);
                seen.AddRange(Progress());
                // Once more, as one would who looks more often than epochs end.
                seen.AddRange(Progress());
            };
        }).Fit(_data);
        seen.AddRange(Progress());
        Assert.Equal(["Start", "Stop"], seen.Select(e => e.Kind).Where(kind => kind != "Progress"));
        Assert.Equal(Enumerable.Range(1, 20), seen.Where(e => e.Epoch is not null).Select(e => (int)e.Epoch!.Value).Distinct());
        Assert.All(seen.Where(e => e.Epoch is not null), e => Assert.Equal(losses[(int)e.Epoch!.Value - 1], e.Loss!.Value));
    }

    [Fact]
    public void A_learning_rate_is_found_and_learns()
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [8], NumberOfEpochs = 5, Seed = 1 };
        var curve = _mlContext.Regression.Trainers.DenseNeuralNet(options).FindLearningRate(_data);
        Assert.InRange(curve.Suggestion!.Value, 1e-4f, 1);
        Assert.Equal(curve.Points.Select(p => p.LearningRate).Order(), curve.Points.Select(p => p.LearningRate));
        options.LearningRate = curve.Suggestion;
        var history = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_data).Model.History!;
        Assert.True(history[^1].Loss < history[0].Loss);
        Assert.ThrowsAny<ArgumentException>(() => _mlContext.BinaryClassification.Trainers.DenseNeuralNet("Nothing").FindLearningRate(_data));
    }

    /// <summary>As ML.NET's tools ask for it, which is not public.</summary>
    private List<(string Kind, double? Epoch, double? Loss)> Progress()
    {
        var env = typeof(MLContext).GetField("_env", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(_mlContext)!;
        var tracker = env.GetType().GetField("ProgressTracker", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(env)!;
        return [.. ((IEnumerable)tracker.GetType().GetMethod("GetAllProgress")!.Invoke(tracker, null)!).Cast<object>().Select(Read)];

        static (string, double?, double?) Read(object e)
        {
            var entry = Field(e, "ProgressEntry");
            return ($"{Field(e, "Kind")}", entry is null ? null : ((double?[])Field(entry, "Progress")!)[0], entry is null ? null : ((double?[])Field(entry, "Metrics")!)[0]);
        }

        static object? Field(object owner, string name) => owner.GetType().GetField(name)!.GetValue(owner);
    }

    /// <summary>As AutoML does; the method is not public.</summary>
    private static void Cancel(MLContext mlContext) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(mlContext, null);

    private DenseNeuralNetBinaryTrainer Trainer(Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = "Flag", HiddenLayers = [8], NumberOfEpochs = 3, Seed = 1 };
        change(options);
        return _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options);
    }

    private sealed class Skewed
    {
        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public bool Flag { get; set; }
    }
}
