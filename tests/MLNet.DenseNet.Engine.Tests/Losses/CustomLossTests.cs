using System.Buffers;

namespace MLNet.DenseNet.Engine.Tests.Losses;

public class CustomLossTests
{
    [Fact]
    public void A_gradient_left_unfilled_is_zero()
    {
        // The loss gets its memory from this pool, where others leave their values.
        for (var i = 0; i < 3; i++)
        {
            var memory = ArrayPool<float>.Shared.Rent(1 << (4 + i));
            memory.AsSpan().Fill(7);
            ArrayPool<float>.Shared.Return(memory);
        }

        var gradient = new float[4];
        new Flat().Evaluate([1, 2, 3, 4], [0, 0, 0, 0], 1, gradient);
        Assert.Equal([0, 0, 0, 0], gradient);
    }

    [Fact]
    public void Each_row_begins_with_a_gradient_of_zero()
    {
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = new PositiveErrors() });
        trainer.ComputeGradient([1, 1], [-10, 10]);
        Assert.Equal([0.5f], trainer.Gradient(network.Parameters[1]));
    }

    [Theory]
    [InlineData(double.NaN, 1, "is NaN with the gradient [1] for the prediction [")]
    [InlineData(double.PositiveInfinity, 1, "is Infinity with the gradient [1]")]
    [InlineData(1, float.NaN, "is 1 with the gradient [NaN]")]
    public void A_loss_that_is_not_finite_is_named_instead_of_the_learning_rate(double loss, float slope, string expected)
    {
        var network = Network.Create(1, [new DenseLayer(1)], seed: 1);
        var options = new TrainingOptions { Loss = new Fixed(loss, slope), NumberOfEpochs = 1 };
        var error = Assert.Throws<InvalidOperationException>(() => new NetworkTrainer(network, options).Train(Dataset.FromTargets(1, 1, new float[] { 1 }, new float[] { 2.5f })));
        Assert.Contains($"The loss a fixed number {expected}", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("and the target [2.5]; all must be finite.", error.Message, StringComparison.Ordinal);

        // A row that weighs nothing may have any loss.
        new NetworkTrainer(network, options).Train(Dataset.FromTargets(1, 1, new float[] { 1, 1 }, new float[] { 0, 2.5f }, new float[] { 1, 0 }));
    }

    /// <summary>A second batch would overwrite what was computed of the first, or point elsewhere.</summary>
    [Fact]
    public void A_loss_that_uses_its_own_trainer_is_refused()
    {
        NetworkTrainer? trainer = null;
        var loss = new Calling(() => trainer!.ComputeGradient([1, 2, 3], [1, 2, 3]));
        trainer = new NetworkTrainer(Network.Create(1, [new DenseLayer(1)], seed: 1), new TrainingOptions { Loss = loss });
        var data = Dataset.FromTargets(1, 1, new float[] { 1 }, new float[] { 2 });
        Assert.Contains("at work already", Assert.Throws<InvalidOperationException>(() => trainer.Train(data)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => trainer.ComputeGradient([1], [2]));
        loss.Call = () => { };
        trainer.ComputeGradient([1], [2]);
        trainer.Step();
        trainer.Train(data);
    }

    private sealed class Calling(Action call) : CustomLoss
    {
        public Action Call { get; set; } = call;

        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            Call();
            return 0;
        }
    }

    /// <summary>A number, for targets that are not 0.</summary>
    private sealed class Fixed(double loss, float slope) : CustomLoss
    {
        public override string ToString() => "a fixed number";

        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            gradient[0] = target[0] == 0 ? 0 : slope;
            return target[0] == 0 ? 0 : loss;
        }
    }

    private sealed class Flat : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient) => 1;
    }

    /// <summary>Fills a gradient only where it is not 0.</summary>
    private sealed class PositiveErrors : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            if (prediction[0] <= target[0])
                return 0;
            gradient[0] = 1;
            return prediction[0] - target[0];
        }
    }
}
