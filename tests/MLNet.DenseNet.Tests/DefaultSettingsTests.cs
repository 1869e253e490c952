using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

/// <summary>What is done where the options leave it open, read from the history.</summary>
public class DefaultSettingsTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(30, 200, 32, 0)]
    [InlineData(400, 200, 32, 50)]
    [InlineData(11_500, 50, 128, 1437)]
    public void The_number_of_rows_decides(int rows, int epochs, int batchSize, int heldOut)
    {
        var history = Fit(rows, options => (options.HiddenLayers, options.EnsembleSize) = ([4], 1));
        Assert.Equal((epochs, batchSize, heldOut), (history.Settings.NumberOfEpochs, history.Settings.BatchSize, history.Settings.ValidationRows));
        Assert.Equal(("AdamW", 0.1f, batchSize == 32 ? 0.003f : 0.005f), (history.Settings.Optimizer, history.Settings.WeightDecay, history.Settings.LearningRate));
        Assert.Equal(new CosineSchedule().ToString(), history.Settings.LearningRateSchedule);
        Assert.Equal(heldOut > 0, history.RestoredEpoch is not null);
    }

    [Theory]
    [InlineData(30, 0)]
    [InlineData(400, 200)]
    public void Four_networks_each_leave_out_another_eighth(int rows, int heldOut)
    {
        var history = Fit(rows, options => options.HiddenLayers = [4]);
        Assert.Equal((rows, heldOut), (history.Settings.TrainingRows, history.Settings.ValidationRows));
        Assert.Equal(4, history.Network!.Layers[^1].Members);
        Assert.Equal(heldOut > 0, history.RestoredEpoch is not null);
        Assert.Equal(1, Fit(rows, options => options.Layers = [new DenseLayer(4)]).Network!.Layers[^1].Members);
    }

    [Fact]
    public void A_given_number_of_epochs_is_kept_and_no_row_held_out()
    {
        var history = Fit(400, options => options.NumberOfEpochs = 7);
        Assert.Equal((7, 0, TrainingEnd.Completed), (history.Count, history.Settings.ValidationRows, history.End));
        Assert.Null(history.RestoredEpoch);
    }

    [Fact]
    public void A_given_optimizer_keeps_its_own_rate_and_decay()
    {
        var history = Fit(100, options => (options.Optimizer, options.NumberOfEpochs) = (new Adam(), 2));
        Assert.Equal((0.001f, 0), (history.Settings.LearningRate, history.Settings.WeightDecay));
    }

    [Fact]
    public void Given_rows_to_validate_with_are_those_that_end_the_training()
    {
        var (training, validation) = (_mlContext.Data.LoadFromEnumerable(Sample.Rows(300)), _mlContext.Data.LoadFromEnumerable(Sample.Rows(100, seed: 2)));
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Flag), HiddenLayers = [4] };
        var history = _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(training, validation).Model.History!;
        Assert.Equal((300, 100), (history.Settings.TrainingRows, history.Settings.ValidationRows));
        Assert.NotNull(history.RestoredEpoch);

        Assert.Equal(4, history.Network!.Layers[^1].Members);

        var split = Fit(400, o => o.ValidationFraction = 0.25f);
        Assert.Equal((300, 100), (split.Settings.TrainingRows, split.Settings.ValidationRows));
    }

    [Fact]
    public void A_given_rule_to_stop_by_is_kept()
    {
        var history = Fit(100, options => options.EarlyStopping = new EarlyStopping(patience: 1, minimumImprovement: 1e6));
        Assert.Equal((2, TrainingEnd.EarlyStopped), (history.Count, history.End));
    }

    [Fact]
    public void Another_patience_changes_nothing_else_of_the_defaults()
    {
        var (given, open) = (Fit(400, options => options.EarlyStopping = new EarlyStopping(patience: 5)), Fit(400, _ => { }));
        Assert.Equal((open.Settings.TrainingRows, open.Settings.ValidationRows, open.Network!.Layers[^1].Members), (given.Settings.TrainingRows, given.Settings.ValidationRows, given.Network!.Layers[^1].Members));
        Assert.Equal("after 5 epochs without a better loss", given.Settings.EarlyStopping);
        Assert.Equal(given.RestoredEpoch, given.MinBy(e => e.ValidationLoss)!.Epoch);
    }

    [Fact]
    public void Early_stopping_goes_by_rows_that_are_held_out_however_many_epochs_are_given()
    {
        var history = Fit(400, options => (options.NumberOfEpochs, options.EarlyStopping) = (30, new EarlyStopping(patience: 3)));
        Assert.Equal((350, 50, 1, 30), (history.Settings.TrainingRows, history.Settings.ValidationRows, history.Network!.Layers[^1].Members, history.Settings.NumberOfEpochs));
        Assert.NotNull(history.RestoredEpoch);
    }

    private TrainingHistory Fit(int rows, Action<DenseNeuralNetOptions> change)
    {
        var options = new DenseNeuralNetOptions { LabelColumnName = nameof(Sample.Flag), Verbosity = Verbosity.Silent };
        change(options);
        return _mlContext.BinaryClassification.Trainers.DenseNeuralNet(options).Fit(_mlContext.Data.LoadFromEnumerable(Sample.Rows(rows))).Model.History!;
    }
}
