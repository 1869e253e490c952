namespace MLNet.DenseNet.Engine.Tests.Layers;

public class DenseLayerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Fewer_units_than_one_are_refused(int number) =>
        Assert.Throws<ArgumentOutOfRangeException>("units", () => new DenseLayer(number));

    [Fact]
    public void Text_names_units_and_activation()
    {
        Assert.Equal("Dense 64 ReLU", new DenseLayer(64, Activation.ReLU).ToString());
        Assert.Equal("Dense 1 identity", new DenseLayer(1).ToString());
        var network = Network.Create(new Shape(4, 3), [new DenseLayer(5, Activation.Tanh)], seed: 1);
        Assert.Equal("Dense 5 tanh: 4 x 3 -> 5, 65 parameters", network.Layers[0].ToString());
    }

    [Fact]
    public void Activation_is_the_identity_by_default() => Assert.Same(Activation.Identity, new DenseLayer(3).Activation);

    [Fact]
    public void Parameters_are_weights_of_inputs_by_units_and_a_bias_of_units()
    {
        var parameters = Network.Create(new Shape(2, 3), [new DenseLayer(5)], seed: 1).Parameters;
        Assert.Equal([("weights", new Shape(6, 5), true), ("bias", new Shape(5), false)], parameters.Select(p => (p.Name, p.Shape, p.IsDecayed)));
    }

    [Fact]
    public void Output_is_the_activation_of_the_weighted_sums_plus_the_bias()
    {
        var network = Network.Create(2, [new DenseLayer(3, Activation.ReLU)], seed: 1);
        network.SetParameter(network.Parameters[0], [1, 2, 3, 4, 5, -6]);
        network.SetParameter(network.Parameters[1], [0.5f, -100, 0.25f]);
        Assert.Equal([9.5f, 0, 0, 0.5f, 0, 9.25f], network.Predict([1, 2, 2, -0.5f]));
    }
}
