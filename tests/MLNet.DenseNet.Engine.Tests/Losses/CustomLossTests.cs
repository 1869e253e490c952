using System.Buffers;

namespace MLNet.DenseNet.Engine.Tests.Losses;

public class CustomLossTests
{
    [Fact]
    public void A_gradient_left_unfilled_is_zero()
    {
        // What others left in the pool that the memory comes from.
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
