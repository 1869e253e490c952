namespace MLNet.DenseNet.Engine.Tests.Training;

public class ScheduledTrainingTests
{
    [Fact]
    public void Every_step_is_taken_at_its_rate()
    {
        // One weight, targets 0 and inputs 1: plain descent multiplies the prediction by 1 - 2 rate.
        var rates = new PolynomialSchedule();
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [1]);
        var history = new NetworkTrainer(network, new TrainingOptions
        {
            Optimizer = new StochasticGradientDescent(),
            LearningRate = 0.25f,
            LearningRateSchedule = rates,
            BatchSize = 2,
            NumberOfEpochs = 2,
        }).Train(Dataset.FromTargets(1, 1, new float[] { 1, 1, 1, 1, 1 }, new float[5]));

        var prediction = 1.0;
        for (var step = 0; step < 6; step++)
            prediction *= 1 - 4 * 0.25 * (1 - step / 6.0);
        Assert.Equal(prediction, network.Predict([1])[0], 1e-6);
        // Of the last of three steps in each epoch.
        Assert.Equal([0.25 * 4 / 6, 0.25 * 1 / 6], history.Select(e => Math.Round(e.LearningRate, 8)), (x, y) => Math.Abs(x - y) < 1e-7);
    }

    [Fact]
    public void A_plateau_of_the_validation_loss_lowers_the_rate()
    {
        var options = SmallTraining.Options();
        options.NumberOfEpochs = 4;
        options.LearningRate = 1e-3f;
        // No loss falls by half in an epoch.
        options.LearningRateSchedule = new PlateauSchedule(0.5f, patience: 1, minimumImprovement: 0.5f);
        var rates = new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data(), SmallTraining.Data()).Select(e => e.LearningRate);
        Assert.Equal([1e-3f, 1e-3f, 1e-3f, 5e-4f], rates);
    }

    [Fact]
    public void A_constant_schedule_changes_no_bit()
    {
        var options = SmallTraining.Options();
        var expected = SmallTraining.Train(options);
        options.LearningRateSchedule = new PolynomialSchedule(endFactor: 1);
        Assert.Equal(expected, SmallTraining.Train(options));
    }
}
