namespace MLNet.DenseNet.Engine.Tests;

public class NetworkTests
{
    [Fact]
    public void No_layers_are_refused()
    {
        Assert.Throws<ArgumentException>("layers", () => Network.Create(2, [], seed: 1));
        Assert.Throws<ArgumentNullException>("layers", () => Network.Create(2, null!, seed: 1));
        Assert.Throws<ArgumentNullException>("layers", () => Network.Create(2, [new DenseLayer(2), null!], seed: 1));
    }

    [Fact]
    public void More_layers_than_can_be_saved_are_refused()
    {
        Layer[] layers = [.. Enumerable.Repeat(new DropoutLayer(0.5f), 10_000), new DenseLayer(1)];
        Assert.Equal(10_000, Network.Create(1, layers[1..], seed: 1).Layers.Count);
        Assert.Contains("1 to 10,000 layers; 10,001 were given", Assert.Throws<ArgumentException>(nameof(layers), () => Network.Create(1, layers, seed: 1)).Message, StringComparison.Ordinal);
    }

    /// <summary>Few parameters, and 900 values a parameter and row in the layers' outputs.</summary>
    [Fact]
    public void Outputs_of_more_values_than_one_block_holds_are_refused()
    {
        Layer[] layers = [new DenseLayer(250_000), .. Enumerable.Repeat(new DropoutLayer(0.5f), 9_000), new DenseLayer(1)];
        Assert.Contains("2,250,250,001 values for each row", Assert.Throws<ArgumentOutOfRangeException>(nameof(layers), () => Network.Create(1, layers, seed: 1)).Message, StringComparison.Ordinal);
        layers = [new EnsembleLayer(100, layers[^99..])];
        Assert.Throws<ArgumentOutOfRangeException>(nameof(layers), () => Network.Create(250_000, layers, seed: 1));
    }

    [Theory]
    [InlineData(100_000, 100_000, "10,000,000,000 weights")]
    [InlineData(1, 2_147_483_640, "2,147,483,640 weights")]
    public void Networks_too_large_for_one_block_are_refused_in_words(int inputs, int units, string said)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(inputs, [new DenseLayer(units)], seed: 1));
        Assert.Contains(said, error.Message.Replace('\u00A0', ','), StringComparison.Ordinal);
    }

    [Fact]
    public void Input_without_dimensions_is_refused() =>
        Assert.Throws<ArgumentException>("inputShape", () => Network.Create(default, [new DropoutLayer(0.5f)], seed: 1));

    [Fact]
    public void More_parameters_than_one_block_holds_are_refused_before_they_are_allocated()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ArgumentOutOfRangeException>("layers", () => Network.Create(40_000, [new DenseLayer(40_000), new DenseLayer(40_000)], seed: 1));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    public void Any_number_of_hidden_layers_is_built_in_order(int hidden)
    {
        var layers = Enumerable.Range(0, hidden).Select(i => new DenseLayer(i + 5, Activation.Tanh)).Append(new DenseLayer(2)).ToArray();
        var network = Network.Create(4, layers, seed: 1);

        Assert.Equal(layers, network.Layers.Select(l => l.Layer));
        Assert.Equal(Enumerable.Range(0, hidden + 1), network.Layers.Select(l => l.Index));
        Assert.Equal(new Shape(4), network.InputShape);
        Assert.Equal(new Shape(2), network.OutputShape);
        int[] widths = [4, .. layers.Select(l => l.Units)];
        Assert.Equal(widths.Skip(1).Zip(widths, (units, inputs) => (inputs + 1) * units).Sum(), network.ParameterCount);
        Assert.Equal(6, network.Predict(Samples.Numbers(4 * 3, seed: 2)).Length);
    }

    [Fact]
    public void Parameters_are_listed_layer_by_layer_weights_first()
    {
        var network = Network.Create(3, [new DenseLayer(4), new DropoutLayer(0.5f), new DenseLayer(2)], seed: 1);
        Assert.Equal(
            [("weights", new Shape(3, 4)), ("bias", 4), ("weights", new Shape(4, 2)), ("bias", new Shape(2))],
            network.Parameters.Select(p => (p.Name, p.Shape)));
        Assert.Equal(network.Layers.SelectMany(l => l.Parameters), network.Parameters);
        Assert.Empty(network.Layers[1].Parameters);
        Assert.Equal(new Shape(4), network.Layers[1].OutputShape);
    }

    [Fact]
    public void One_layer_object_may_stand_in_many_places()
    {
        var layer = new DenseLayer(3, Activation.Tanh);
        var network = Network.Create(3, [layer, layer], seed: 1);
        network.SetParameter(network.Parameters[1], [1, 2, 3]);
        Assert.Equal([0, 0, 0], network.Parameters[3].ToArray());
    }

    [Fact]
    public void Set_parameter_is_read_back_and_leaves_the_others()
    {
        var network = Network.Create(3, [new DenseLayer(5), new DenseLayer(1)], seed: 1);
        var before = network.Parameters.Select(p => p.ToArray()).ToArray();
        before[2] = Samples.Numbers(5, seed: 9);
        network.SetParameter(network.Parameters[2], before[2]);
        Assert.Equal(before, network.Parameters.Select(p => p.ToArray()));
    }

    [Fact]
    public void Set_parameter_refuses_what_does_not_fit_and_changes_nothing()
    {
        var network = Network.Create(2, [new DenseLayer(2)], seed: 1);
        var weights = network.Parameters[0];
        var before = Samples.ParameterBits(network);
        Assert.Throws<ArgumentNullException>("parameter", () => network.SetParameter(null!, [1]));
        Assert.Throws<ArgumentException>("parameter", () => Network.Create(2, [new DenseLayer(2)], seed: 1).SetParameter(weights, [1, 2, 3, 4]));
        Assert.Throws<ArgumentException>("values", () => network.SetParameter(weights, [1, 2, 3]));
        Assert.Throws<ArgumentException>("values", () => network.SetParameter(weights, [1, 2, 3, 4, 5]));
        foreach (var bad in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
            Assert.Throws<ArgumentException>("values", () => network.SetParameter(weights, [1, 2, 3, bad]));
        Assert.Equal(before, Samples.ParameterBits(network));
    }
}
