using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine.Tests.Schedules;

/// <summary>Each schedule against its formula in float64, or against a table worked out by hand.</summary>
public class ScheduleTests
{
    [Fact]
    public void Constant() => Check(new ConstantSchedule(), 3, 2, (_, _) => 1);

    [Fact]
    public void Step_falls_every_few_epochs() => Check(new StepSchedule(3, 0.5f), 4, 10, (_, epoch) => Math.Pow(0.5, epoch / 3));

    [Fact]
    public void Exponential_falls_every_epoch() => Check(new ExponentialSchedule(0.9f), 4, 10, (_, epoch) => Math.Pow(0.9f, epoch));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.1f)]
    [InlineData(0.5f, 0.25f)]
    [InlineData(0.9f, 0)]
    public void Polynomial_falls_every_step(float power, float end) =>
        Check(new PolynomialSchedule(power, end), 7, 5, (step, _) => end + (1 - end) * Math.Pow(1 - step / 35.0, power), 1e-6);

    [Theory]
    [InlineData(0)]
    [InlineData(0.1f)]
    public void Cosine_falls_every_step(float end) =>
        Check(new CosineSchedule(end), 7, 5, (step, _) => end + (1 - end) * (1 + Math.Cos(Math.PI * step / 35)) / 2);

    [Fact]
    public void Cosine_restarts_after_cycles_that_grow()
    {
        // Cycles of 2, 6 and 18 epochs.
        Check(new CosineSchedule(0, cycleEpochs: 2, cycleGrowth: 3), 5, 12, (step, _) =>
            (1 + Math.Cos(Math.PI * (step < 10 ? step / 10.0 : step < 40 ? (step - 10) / 30.0 : (step - 40) / 90.0))) / 2);
        Check(new CosineSchedule(0, cycleEpochs: 2), 5, 12, (step, _) => (1 + Math.Cos(Math.PI * (step % 10) / 10.0)) / 2);
    }

    [Fact]
    public void Warm_up_rises_and_then_the_next_schedule_takes_the_steps_left()
    {
        Check(new WarmUpSchedule(2), 5, 4, (step, _) => Math.Min(1, (step + 1) / 10.0));
        Check(new WarmUpSchedule(0.4f, new PolynomialSchedule()), 5, 4, (step, _) => step < 2 ? (step + 1) / 2.0 : 1 - (step - 2) / 18.0);
        Check(new WarmUpSchedule(1, new StepSchedule(2, 0.5f)), 5, 6, (step, epoch) => epoch == 0 ? (step + 1) / 5.0 : Math.Pow(0.5, (epoch - 1) / 2));
    }

    [Fact]
    public void One_cycle_rises_to_the_full_rate_and_falls_far_below_its_start()
    {
        // Of 20 steps the top is reached at 0.3 * 20 - 1 = 5.
        Check(new OneCycleSchedule(), 5, 4, (step, _) => step <= 5
            ? 1 + (0.04 - 1) * (1 + Math.Cos(Math.PI * step / 5)) / 2
            : 4e-6 + (1 - 4e-6) * (1 + Math.Cos(Math.PI * (step - 5) / 14)) / 2);
        Assert.Equal(0.04, Factor(new OneCycleSchedule(), 0, 5, 4), 1e-8);
        Assert.Equal(1, Factor(new OneCycleSchedule(), 5, 5, 4), 1e-12);
        Assert.Equal(4e-6, Factor(new OneCycleSchedule(), 19, 5, 4), 1e-9);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 4)]
    [InlineData(7, 11)]
    [InlineData(1, 100)]
    public void One_cycle_never_rises_again_up_to_its_last_step(int stepsPerEpoch, int epochs)
    {
        foreach (var schedule in (OneCycleSchedule[])[new(), new(0), new(0.5f), new(1)])
        {
            var factors = Enumerable.Range(0, stepsPerEpoch * epochs).Select(step => Factor(schedule, step, stepsPerEpoch, epochs)).ToArray();
            var top = Array.IndexOf(factors, factors.Max());
            Assert.Equal(factors[..(top + 1)].Order(), factors[..(top + 1)]);
            Assert.Equal(factors[top..].OrderDescending(), factors[top..]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_shortest_trainings_have_a_rate_too(int steps)
    {
        foreach (var schedule in (LearningRateSchedule[])[.. Samples.Schedules.Values, new OneCycleSchedule(1), new OneCycleSchedule(0), new WarmUpSchedule(3, new CosineSchedule())])
            Assert.All(Enumerable.Range(0, steps), step => Assert.InRange(Factor(schedule, step, steps, 1), double.Epsilon, 1));
    }

    [Fact]
    public void Plateau_counts_epochs_without_improvement()
    {
        // After more than one epoch without at least 1 % less than the best: 0.895 and 0.895 are no improvement over 0.9, 0.8 is, three more 0.8 are not.
        double[] losses = [1, 0.9, 0.895, 0.895, 0.8, 0.8, 0.8, 0.8, 0.8, 0.7];
        int[] expected = [0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 3];
        var schedule = new PlateauSchedule(0.5f, patience: 1, minimumImprovement: 0.01f);
        for (var epochs = 0; epochs <= losses.Length; epochs++)
            Assert.Equal(expected[epochs], schedule.CountReductions(losses.AsSpan(0, epochs)));
        Assert.Equal([1, 0.5, 0.25, 0.2], Enumerable.Range(0, 4).Select(n => Math.Round(new PlateauSchedule(0.5f, endFactor: 0.2f).Factor(new(0, 1, 1, n)), 7)));

        Assert.Equal(0, new PlateauSchedule(patience: 0).CountReductions([-1, -2, -3]));
        Assert.Equal(1, new WarmUpSchedule(1.5f, new PlateauSchedule(patience: 0)).CountReductions([1, 2, 1, 2]));
    }

    [Fact]
    public void Cosine_is_within_its_error()
    {
        for (var i = 0; i <= 100_000; i++)
            Assert.Equal(Math.Cos(Math.PI * i / 100_000), CosineFunction.OfHalfTurns(i / 100_000.0), 1e-15);
    }

    [Fact]
    public void Values_outside_their_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("epochs", () => new StepSchedule(0));
        foreach (var wrong in (float[])[-0.1f, 1.1f, float.NaN])
        {
            Assert.Throws<ArgumentOutOfRangeException>("factor", () => new StepSchedule(1, wrong));
            Assert.Throws<ArgumentOutOfRangeException>("factor", () => new ExponentialSchedule(wrong));
            Assert.Throws<ArgumentOutOfRangeException>("endFactor", () => new PolynomialSchedule(endFactor: wrong));
            Assert.Throws<ArgumentOutOfRangeException>("endFactor", () => new CosineSchedule(wrong));
            Assert.Throws<ArgumentOutOfRangeException>("riseShare", () => new OneCycleSchedule(wrong));
            Assert.Throws<ArgumentOutOfRangeException>("startFactor", () => new OneCycleSchedule(startFactor: wrong));
            Assert.Throws<ArgumentOutOfRangeException>("endFactor", () => new OneCycleSchedule(endFactor: wrong));
            Assert.Throws<ArgumentOutOfRangeException>("factor", () => new PlateauSchedule(wrong));
        }

        foreach (var wrong in (float[])[0, -1, float.NaN, float.PositiveInfinity])
        {
            Assert.Throws<ArgumentOutOfRangeException>("power", () => new PolynomialSchedule(wrong));
            Assert.Throws<ArgumentOutOfRangeException>("epochs", () => new WarmUpSchedule(wrong));
        }

        Assert.Throws<ArgumentOutOfRangeException>("cycleEpochs", () => new CosineSchedule(cycleEpochs: 0));
        Assert.Throws<ArgumentOutOfRangeException>("cycleGrowth", () => new CosineSchedule(cycleGrowth: 0));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new PlateauSchedule(patience: -1));
        Assert.Throws<ArgumentOutOfRangeException>("minimumImprovement", () => new PlateauSchedule(minimumImprovement: 1));
    }

    /// <summary>Also where the number of epochs is left open, and a rise follows a rise.</summary>
    [Fact]
    public void A_rise_longer_than_the_training_is_refused()
    {
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        foreach (var schedule in (LearningRateSchedule[])[new WarmUpSchedule(60), new WarmUpSchedule(30, new WarmUpSchedule(30))])
        {
            foreach (var epochs in (int?[])[null, 50])
                Assert.Contains("reach the full rate within", Assert.Throws<ArgumentOutOfRangeException>("LearningRateSchedule", () => new NetworkTrainer(network, new TrainingOptions { LearningRateSchedule = schedule, NumberOfEpochs = epochs })).Message, StringComparison.Ordinal);
            Assert.NotNull(new NetworkTrainer(network, new TrainingOptions { LearningRateSchedule = schedule, NumberOfEpochs = 60 }));
        }
    }

    /// <summary>The expected factor is a function of a step and its epoch, both from 0.</summary>
    private static void Check(LearningRateSchedule schedule, int stepsPerEpoch, int epochs, Func<int, int, double> expected, double tolerance = 1e-7)
    {
        for (var step = 0; step < stepsPerEpoch * epochs; step++)
            Assert.Equal(expected(step, step / stepsPerEpoch), Factor(schedule, step, stepsPerEpoch, epochs), tolerance);
    }

    private static double Factor(LearningRateSchedule schedule, int step, int stepsPerEpoch, int epochs) =>
        schedule.Factor(new ScheduleStep(step, stepsPerEpoch, stepsPerEpoch * epochs, Reductions: 0));
}
