namespace MLNet.DenseNet.Engine.Tests.Persistence;

public class PersistenceTests
{
    [Fact]
    public void Every_layer_and_activation_comes_back_with_the_same_bits()
    {
        Layer[] layers = [.. Samples.Activations.Values.SelectMany<Activation, Layer>(a => [new DenseLayer(5, a), new DropoutLayer(0.3f)])];
        var network = Network.Create(new Shape(2, 3), layers, seed: 1);
        var loaded = SavedNetworks.Load(SavedNetworks.Save(network));

        Assert.Equal(network.InputShape, loaded.InputShape);
        Assert.Equal(network.Layers.Select(l => l.ToString()), loaded.Layers.Select(l => l.ToString()));
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(loaded));
        var rows = Samples.Numbers(6 * 9, seed: 2);
        Assert.Equal(Samples.Bits(network.Predict(rows)), Samples.Bits(loaded.Predict(rows)));
    }

    [Fact]
    public void A_network_without_parameters_comes_back()
    {
        var network = Network.Create(new Shape(4), [new ActivationLayer(Activation.Softmax)], seed: 1);
        using var stream = new MemoryStream();
        network.Save(stream);
        stream.Position = 0;
        Assert.Equal(network.Predict([1, 2, 3, 4]), Network.Load(stream).Predict([1, 2, 3, 4]));
    }

    [Fact]
    public void An_ensemble_comes_back_with_the_same_bits()
    {
        var network = Network.Create(
            3, [new StandardizationLayer(), new EnsembleLayer(3, [new DenseLayer(4, Activation.LeakyReLU(0.3f)), new DropoutLayer(0.3f), new DenseLayer(2, Activation.Softmax)])], seed: 1);
        var loaded = SavedNetworks.Load(SavedNetworks.Save(network));
        Assert.Equal(network.ToString(), loaded.ToString());
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(loaded));
        var rows = Samples.Numbers(3 * 9, seed: 2);
        Assert.Equal(Samples.Bits(network.Predict(rows)), Samples.Bits(loaded.Predict(rows)));
    }

    [Fact]
    public void Bytes_of_an_ensemble_are_those_of_the_documented_layout()
    {
        var network = Network.Create(1, [new EnsembleLayer(2, [new DropoutLayer(0.25f), new DenseLayer(1)])], seed: 1);
        foreach (var (parameter, value) in network.Parameters.Zip((float[])[1, 0.5f, -2, 2]))
            network.SetParameter(parameter, [value]);
        const string Expected =
            "4D4C444E" + "0100" + "01000000" + "01000000"
            + "01000000" + "04" + "02000000" + "02000000" + "02" + "0000803E" + "01" + "01000000" + "01"
            + "04000000" + "0000803F" + "0000003F" + "000000C0" + "00000040";
        var saved = SavedNetworks.Save(network);
        Assert.Equal(Expected, Convert.ToHexString(saved)[..^8]);
        Assert.Equal(saved, SavedNetworks.WithRightChecksum(saved));
    }

    [Fact]
    public void Slope_and_rate_come_back()
    {
        var network = Network.Create(1, [new DenseLayer(1, Activation.LeakyReLU(0.375f)), new DropoutLayer(0.1f)], seed: 1);
        var loaded = SavedNetworks.Load(SavedNetworks.Save(network));
        Assert.Equal(0.375f, Assert.IsType<LeakyRectifiedLinear>(loaded.Layers[0].Layer.OutputActivation).NegativeSlope);
        Assert.Equal(0.1f, Assert.IsType<DropoutLayer>(loaded.Layers[1].Layer).Rate);
    }

    [Fact]
    public void Loaded_network_trains_on_as_the_saved_one_would()
    {
        var network = Network.Create(2, [new DenseLayer(4, Activation.Tanh), new DenseLayer(1)], seed: 1);
        var loaded = SavedNetworks.Load(SavedNetworks.Save(network));
        var data = Dataset.FromTargets(2, 1, Samples.Numbers(2 * 10, seed: 2), Samples.Numbers(10, seed: 3));
        foreach (var each in (Network[])[network, loaded])
            new NetworkTrainer(each, new TrainingOptions { Seed = 1, NumberOfEpochs = 2 }).Train(data);
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(loaded));
    }

    [Fact]
    public void Networks_in_the_middle_of_a_stream_are_read_one_after_the_other()
    {
        var first = Network.Create(3, [new DenseLayer(20, Activation.ReLU)], seed: 1);
        var second = Network.Create(1, [new DenseLayer(1)], seed: 2);
        using var stream = new MemoryStream();
        stream.Write([1, 2, 3]);
        first.Save(stream);
        var between = stream.Position;
        second.Save(stream);
        var end = stream.Position;
        stream.Write([4, 5]);

        stream.Position = 3;
        Assert.Equal(Samples.ParameterBits(first), Samples.ParameterBits(Network.Load(stream)));
        Assert.Equal(between, stream.Position);
        Assert.Equal(Samples.ParameterBits(second), Samples.ParameterBits(Network.Load(stream)));
        Assert.Equal(end, stream.Position);
    }

    [Fact]
    public void Parameters_of_more_than_one_chunk_come_back()
    {
        var network = Network.Create(1100, [new DenseLayer(1000)], seed: 1);
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(SavedNetworks.Load(SavedNetworks.Save(network))));
    }

    [Fact]
    public void Streams_that_cannot_seek_are_refused()
    {
        using var stream = new MemoryStream(SavedNetworks.Save(Network.Create(1, [new DenseLayer(1)], seed: 1)));
        using var forwardOnly = new ChecksumStream(stream);
        Assert.Throws<ArgumentException>(() => Network.Load(forwardOnly));
    }

    /// <summary>Saved networks must stay readable: when this test fails, the version has to go up.</summary>
    [Fact]
    public void Bytes_are_those_of_the_documented_layout()
    {
        var network = Network.Create(2, [new DenseLayer(1, Activation.LeakyReLU(0.5f)), new DropoutLayer(0.25f)], seed: 1);
        network.SetParameter(network.Parameters[0], [1, -2]);
        network.SetParameter(network.Parameters[1], [0.5f]);
        const string Expected =
            "4D4C444E" + "0100"
            + "01000000" + "02000000"
            + "02000000" + "01" + "01000000" + "05" + "0000003F" + "02" + "0000803E"
            + "03000000" + "0000803F" + "000000C0" + "0000003F"
            + "48ECD39E";
        Assert.Equal(Expected, Convert.ToHexString(SavedNetworks.Save(network)));
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(SavedNetworks.Load(Convert.FromHexString(Expected))));
    }

    [Theory]
    [InlineData("identity", 1)]
    [InlineData("sigmoid", 2)]
    [InlineData("tanh", 3)]
    [InlineData("ReLU", 4)]
    [InlineData("leaky ReLU", 5)]
    [InlineData("GELU", 6)]
    [InlineData("SiLU", 7)]
    [InlineData("softmax", 8)]
    [InlineData("exponential", 9)]
    public void Activations_keep_their_identifiers(string activation, byte identifier)
    {
        const int Position = 4 + 2 + 4 + 4 + 4 + 1 + 4;
        Assert.Equal(identifier, SavedNetworks.Save(Network.Create(1, [new DenseLayer(1, Samples.Activations[activation])], seed: 1))[Position]);
    }
}
