using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests;

/// <summary>Training that comes in pieces: calls of few epochs, and rows of one class at a time.</summary>
public class GoingOnInPiecesTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public GoingOnInPiecesTests() => _data = _mlContext.Data.LoadFromEnumerable(Sample.Rows(60));

    /// <summary>Shuffled, and with dropout: an order or a mask that comes again would give another network.</summary>
    [Fact]
    public void Calls_of_one_epoch_with_the_same_seed_are_one_training_to_the_bit()
    {
        var whole = Binary(epochs: 4).Fit(_data);
        var pieces = Binary(epochs: 1).Fit(_data);
        for (var epoch = 1; epoch < 4; epoch++)
        {
            var model = ((ISingleFeaturePredictionTransformer<object>)SavedModel.Reload(pieces, _data.Schema)).Model;
            pieces = Binary(epochs: 1).Fit(_data, (DenseNeuralNetBinaryModelParameters)model);
            Assert.Equal(epoch, pieces.Model.History!.EpochsBefore);
        }

        Assert.Equal(Tasks.ScoreBits(whole.Transform(_data)), Tasks.ScoreBits(pieces.Transform(_data)));

        DenseNeuralNetBinaryTrainer Binary(int epochs) => _mlContext.BinaryClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Flag),
            Layers = [new DenseLayer(6, Activation.Tanh), new DropoutLayer(0.3f)],
            Optimizer = new StochasticGradientDescent(),
            LearningRate = 0.1f,
            LearningRateSchedule = new ConstantSchedule(),
            NumberOfEpochs = epochs,
            BatchSize = 8,
            Seed = 1,
        });
    }

    /// <summary>As scikit-learn's partial_fit and ML.NET's averaged perceptron take them.</summary>
    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void A_model_goes_on_with_rows_of_one_class_that_a_training_cannot_begin_with(DataCaching caching)
    {
        var rows = Sample.Rows(300);
        var keys = _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Sample.Category)).Fit(_data);
        var options = new DenseNeuralNetOptions { HiddenLayers = [8], NumberOfEpochs = 3, LearningRate = 1e-3f, Seed = 1, ClassWeights = ClassWeights.Balanced, DataCaching = caching };
        var trainer = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(options);
        var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [8], Seed = 1, NumberOfEpochs = 40, EnsembleSize = 1 })
            .Fit(keys.Transform(_data));
        foreach (var chunk in rows.GroupBy(row => row.Category))
        {
            var view = keys.Transform(_mlContext.Data.LoadFromEnumerable(chunk));
            var error = Assert.Throws<InvalidOperationException>(() => trainer.Fit(view));
            Assert.Contains("the same class", error.Message, StringComparison.Ordinal);
            var before = Loss(model, view);
            model = trainer.Fit(view, model.Model);
            Assert.True(Loss(model, view) < before, $"{chunk.Key}: {before}, then {Loss(model, view)}");
            Assert.NotNull(model.Model.History!.Verdict);
        }

        double Loss(ITransformer trained, IDataView view) => _mlContext.MulticlassClassification.Evaluate(trained.Transform(view)).LogLoss;
    }

    [Fact]
    public void A_binary_model_goes_on_with_rows_of_one_class_too()
    {
        var trainer = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(nameof(Sample.Flag), hiddenLayers: [8]);
        var model = trainer.Fit(_data).Model;
        var positives = _mlContext.Data.LoadFromEnumerable(Sample.Rows(200).Where(row => row.Flag));
        var further = trainer.Fit(positives, model);
        Assert.True(further.Transform(positives).GetColumn<float>("Probability").Average() > 0.5);
        // More and more of one class would drive the others out.
        Assert.Equal(3, further.Model.History!.Count);
    }

    /// <summary>Steps too small to change a weight: what is measured at first was measured at the end of the training before, if the rows are the same.</summary>
    [Theory]
    [InlineData(null, 0, DataCaching.Memory)]
    [InlineData(null, 0.2f, DataCaching.Memory)]
    [InlineData(null, 0.2f, DataCaching.Stream)]
    [InlineData(7, 0, DataCaching.Memory)]
    [InlineData(7, 0.2f, DataCaching.Stream)]
    public void Rows_that_were_held_out_are_held_out_again_whatever_the_seed(int? seed, float fraction, DataCaching caching)
    {
        var data = new MLContext().Data.LoadFromEnumerable(Sample.Rows(400));
        var options = new DenseNeuralNetOptions
        {
            LabelColumnName = nameof(Sample.Flag),
            HiddenLayers = [8],
            ValidationFraction = fraction,
            DataCaching = caching,
            EarlyStopping = new EarlyStopping(patience: 5),
            NumberOfEpochs = 20,
            EnsembleSize = fraction == 0 ? 3 : 1,
        };
        var first = new MLContext().BinaryClassification.Trainers.DenseNeuralNet(options).Fit(data);
        var expected = first.Model.History![first.Model.History.RestoredEpoch!.Value - 1].ValidationLoss;
        (options.LearningRate, options.NumberOfEpochs, options.Seed) = (1e-30f, 1, seed);
        var model = first;
        for (var i = 0; i < 3; i++)
        {
            model = new MLContext().BinaryClassification.Trainers.DenseNeuralNet(options).Fit(data, model.Model);
            Assert.Equal(expected, model.Model.History![0].ValidationLoss);
            model = (BinaryPredictionTransformer<DenseNeuralNetBinaryModelParameters>)SavedModel.Reload(model, data.Schema);
        }
    }
}
