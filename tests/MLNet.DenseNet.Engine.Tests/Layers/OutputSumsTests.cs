namespace MLNet.DenseNet.Engine.Tests.Layers;

public class OutputSumsTests
{
    /// <summary>Outputs in other units, of a dense layer and where sums stand beside layers.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Transformed_sums_are_outputs_times_factors_and_shifted(bool hasSumsBeside)
    {
        Layer[] layers = [new DenseLayer(5, Activation.ReLU), new DenseLayer(2)];
        var network = Network.Create(3, hasSumsBeside ? [new WideAndDeepLayer([0, 1, 2], layers)] : layers, seed: 1);
        var features = Samples.Numbers(4 * 3, seed: 2);
        var before = network.Predict(features);
        var sums = OutputSums.Of(network.Layers[^1]);
        var scale = sums.Scale(1);
        sums.Transform([2, -3], [10, 20]);
        var expected = before.Select((y, i) => i % 2 == 0 ? 2 * y + 10 : -3 * y + 20);
        Assert.All(network.Predict(features).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        Assert.Equal(3 * scale, OutputSums.Of(network.Layers[^1]).Scale(1), 5);
        Assert.Equal(hasSumsBeside ? 2 : 1, sums.Weights.Count);
    }
}
