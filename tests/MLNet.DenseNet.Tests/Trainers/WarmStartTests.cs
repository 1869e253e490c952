using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests;

public sealed class WarmStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public WarmStartTests() => _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Continued_training_really_continues()
    {
        var whole = Trainer(epochs: 7).Fit(_data);
        var path = Path.Combine(_folder, "model.zip");
        _mlContext.Model.Save(Trainer(epochs: 4).Fit(_data), _data.Schema, path);
        var loaded = (DenseNeuralNetRegressionModelParameters)((IPredictionTransformer<object>)_mlContext.Model.Load(path, out _)).Model;
        var before = Tasks.ScoreBits(_mlContext.Model.Load(path, out _).Transform(_data));

        AssertClose(whole.Transform(_data), Trainer(epochs: 3).Fit(_data, loaded).Transform(_data));
        AssertClose(whole.Transform(_data), Trainer(epochs: 3).Fit(_data, _data, loaded).Transform(_data));
        // The model gone on from is as it was.
        Assert.Equal(before, Tasks.ScoreBits(_mlContext.Model.Load(path, out _).Transform(_data)));
        Assert.Equal(4, loaded.History!.Count);
    }

    /// <summary>At a rate for new weights, the error was 45, 16, 3.9 and 1.5 times as large afterwards.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(80)]
    public void Few_new_rows_do_not_undo_what_was_learned(int count)
    {
        var trainer = _mlContext.Regression.Trainers.DenseNeuralNet();
        var first = trainer.Fit(Rows(600, seed: 1));
        var test = Rows(1000, seed: 2);
        var before = Error(first);
        Assert.InRange(Error(trainer.Fit(Rows(count, seed: 3), first.Model)), 0, 1.5 * before);

        double Error(ITransformer model) => _mlContext.Regression.Evaluate(model.Transform(test)).MeanSquaredError;

        IDataView Rows(int rows, int seed)
        {
            var random = new Random(seed);
            float[][] features = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, 8).Select(_ => 2 * random.NextSingle() - 1).ToArray())];
            float[] labels = [.. features.Select(x => x[0] + 2 * x[1] * x[2] + MathF.Sin(3 * x[3]) + 0.3f * (random.NextSingle() - 0.5f))];
            return new MadeDataView(rows).Add("Features", new VectorDataViewType(NumberDataViewType.Single, 8), row => new VBuffer<float>(8, features[row])).Add("Label", NumberDataViewType.Single, row => labels[row]);
        }
    }

    /// <summary>As the trainers of the tasks do.</summary>
    [Fact]
    public void The_estimator_that_picks_the_task_measures_goes_on_and_finds_a_rate()
    {
        var estimator = _mlContext.Transforms.DenseNeuralNet(Options(epochs: 4));
        var first = (IDenseNeuralNetModel)estimator.Fit(_data, _data).Model;
        Assert.All(first.History!, epoch => Assert.NotNull(epoch.ValidationLoss));
        Assert.Equal(first.Layers.Sum(layer => layer.ParameterCount), first.ParameterCount);

        var going = _mlContext.Transforms.DenseNeuralNet(Options(epochs: 3));
        AssertClose(Trainer(epochs: 7).Fit(_data).Transform(_data), going.Fit(_data, null, first).Transform(_data));
        Assert.NotEmpty(estimator.FindLearningRate(_data, steps: 5).Points);

        var binary = (IDenseNeuralNetModel)_mlContext.Transforms.DenseNeuralNet(nameof(Sample.Flag)).Fit(_data).Model;
        var error = Assert.ThrowsAny<ArgumentException>(() => going.Fit(_data, null, binary));
        Assert.Contains(nameof(DenseNeuralNetBinaryModelParameters), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_classification_goes_on_as_if_it_had_not_been_interrupted_to_the_bit()
    {
        var first = Binary(epochs: 4).Fit(_data).Model;
        Assert.Equal(Tasks.ScoreBits(Binary(epochs: 7).Fit(_data).Transform(_data)), Tasks.ScoreBits(Binary(epochs: 3).Fit(_data, first).Transform(_data)));

        DenseNeuralNetBinaryTrainer Binary(int epochs)
        {
            var options = Options(epochs);
            options.LabelColumnName = nameof(Sample.Flag);
            return _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_is_left_open_is_as_many_networks_as_the_model_has(int size)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [6], EnsembleSize = size, NumberOfEpochs = 2 };
        var first = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_data).Model;
        (options.EnsembleSize, options.NumberOfEpochs) = (null, null);
        var second = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_data, first).Model;
        Assert.Equal(first.ParameterCount, second.ParameterCount);
        Assert.NotNull(second.History!.RestoredEpoch);
    }

    [Fact]
    public void Hidden_layers_left_open_are_those_of_an_anomaly_detection_too()
    {
        var options = new DenseNeuralNetOptions { HiddenLayers = [5, 2, 5], NumberOfEpochs = 2 };
        var first = _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options).Fit(_data).Model;
        options.HiddenLayers = null;
        Assert.Equal(first.ParameterCount, _mlContext.AnomalyDetection.Trainers.DenseNeuralNet(options).Fit(_data, first).Model.ParameterCount);
    }

    [Fact]
    public void Dropout_is_not_among_what_is_taken_over_from_a_model()
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = "Number", HiddenLayers = [6], DropoutRate = 0.2f, NumberOfEpochs = 2 };
        var first = _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_data).Model;
        options.HiddenLayers = null;
        Assert.Equal(first.ParameterCount, _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_data, first).Model.ParameterCount);
        options.DropoutRate = 0;
        Assert.Contains("Dropout 0.2", Assert.ThrowsAny<ArgumentException>(() => _mlContext.Regression.Trainers.DenseNeuralNet(options).Fit(_data, first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_another_shape_or_task_is_refused()
    {
        var model = Trainer(epochs: 1).Fit(_data).Model;
        var other = _mlContext.Regression.Trainers.DenseNeuralNet("Number", hiddenLayers: [7], numberOfEpochs: 1);
        var error = Assert.ThrowsAny<ArgumentException>(() => other.Fit(_data, model));
        Assert.Contains("Dense 6 tanh: 4 -> 6", error.Message, StringComparison.Ordinal);
        Assert.Contains("Dense 7 SiLU: 4 -> 7", error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => Trainer(epochs: 1).Fit(_data, (DenseNeuralNetRegressionModelParameters)null!));
    }

    /// <summary>No layers were given: what they would be made of is what is wrong.</summary>
    [Fact]
    public void A_model_of_other_features_is_refused_by_their_column()
    {
        var model = _mlContext.Regression.Trainers.DenseNeuralNet("Number").Fit(Table("A", "B", "C")).Model;
        Assert.Contains("has learned from a vector of 3 values of Single; the feature column 'Features' is Vector<Single, 2>", Refusal(Table("A", "B")), StringComparison.Ordinal);
        Assert.Contains("the feature column 'Features' is Vector<Single, 4>", Refusal(Table("A", "B", "C", "D")), StringComparison.Ordinal);
        // A key of three values is three features too.
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Features", "Category").Fit(_data).Transform(_data);
        Assert.Contains("the feature column 'Features' is Key<UInt32, 0-2>", Refusal(keys), StringComparison.Ordinal);
        var ofKeys = _mlContext.Regression.Trainers.DenseNeuralNet("Number").Fit(keys).Model;
        Assert.Contains("the feature column 'Features' is Vector<Single, 3>", Assert.ThrowsAny<ArgumentException>(() => _mlContext.Regression.Trainers.DenseNeuralNet("Number").Fit(Table("A", "B", "C"), ofKeys)).Message, StringComparison.Ordinal);

        string Refusal(IDataView data) => Assert.ThrowsAny<ArgumentException>(() => _mlContext.Regression.Trainers.DenseNeuralNet("Number").Fit(data, model)).Message;

        IDataView Table(params string[] names)
        {
            var copies = names.Aggregate((IEstimator<ITransformer>)new EstimatorChain<ITransformer>(), (steps, name) => steps.Append(_mlContext.Transforms.CopyColumns(name, "Number")));
            return copies.Append(_mlContext.Transforms.Concatenate("Features", names)).Fit(_data).Transform(_data);
        }
    }

    [Fact]
    public void Several_outputs_are_gone_on_with_and_validated_too()
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = "Numbers", HiddenLayers = [6], NumberOfEpochs = 3, Seed = 1 };
        var first = _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(options).Fit(_data).Model;
        var continued = _mlContext.Regression.Trainers.DenseNeuralNetMultiOutput(options).Fit(_data, _data, first).Model;
        Assert.True(continued.History![^1].ValidationLoss < first.History![^1].Loss);
        Assert.Equal(60, continued.History.Settings.ValidationRows);
    }

    [Fact]
    public void Nothing_to_validate_with_and_no_model_are_as_if_left_out()
    {
        var expected = Tasks.ScoreBits(Trainer(epochs: 2).Fit(_data).Transform(_data));
        foreach (var transformer in (ITransformer[])[Trainer(epochs: 2).Fit(_data, null), Trainer(epochs: 2).Fit(_data, null, null), Trainer(epochs: 2).Fit(_data, _data, null)])
            Assert.Equal(expected, Tasks.ScoreBits(transformer.Transform(_data)));
    }

    [Fact]
    public void The_trainer_says_that_it_can()
    {
        // The property is not public.
        var property = typeof(TrainerInfo).GetProperty("SupportsIncrementalTraining", BindingFlags.Instance | BindingFlags.NonPublic);
        Assert.Equal(true, property!.GetValue(Trainer(epochs: 1).Info));
    }

    /// <summary>Weights of some columns say nothing of others, though there be as many.</summary>
    [Fact]
    public void A_model_of_other_layers_or_columns_is_refused()
    {
        var model = Embedding(units: 2, 0, 1).Fit(_data).Model;
        Assert.Equal(2, Embedding(units: 2, 0, 1).Fit(_data, model).Model.History!.EpochsBefore);
        Assert.Contains("make the same ones with other settings", Refusal(Embedding(units: 2, 2, 3)), StringComparison.Ordinal);
        Assert.Contains("make [Standardization", Refusal(Embedding(units: 3, 0, 1)), StringComparison.Ordinal);

        string Refusal(DenseNeuralNetRegressionTrainer trainer) => Assert.ThrowsAny<ArgumentException>(() => trainer.Fit(_data, model)).Message;

        DenseNeuralNetRegressionTrainer Embedding(int units, params int[] columns)
        {
            var options = Options(epochs: 2);
            options.Layers = [new NumericEmbeddingLayer(units, columns: columns), new DenseLayer(6, Activation.Tanh)];
            return _mlContext.Regression.Trainers.DenseNeuralNet(options);
        }
    }

    /// <summary>A regression goes on from weights that were made for the labels' own units and are made for standardized ones again, which rounds.</summary>
    private static void AssertClose(IDataView expected, IDataView actual)
    {
        foreach (var (one, other) in expected.GetColumn<float>("Score").Zip(actual.GetColumn<float>("Score")))
            Assert.Equal(one, other, 1e-4f);
    }

    private DenseNeuralNetRegressionTrainer Trainer(int epochs) => _mlContext.Regression.Trainers.DenseNeuralNet(Options(epochs));

    private static DenseNeuralNetOptions Options(int epochs) => new()
    {
        LabelColumnName = "Number",
        Layers = [new DenseLayer(6, Activation.Tanh)],
        Optimizer = new StochasticGradientDescent(),
        LearningRate = 0.1f,
        LearningRateSchedule = new ConstantSchedule(),
        Shuffle = false,
        NumberOfEpochs = epochs,
        Seed = 1,
    };
}
