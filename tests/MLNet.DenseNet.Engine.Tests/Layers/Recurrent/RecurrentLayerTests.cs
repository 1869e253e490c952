using MLNet.DenseNet.Engine.Tests.Persistence;

namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>What recurrent layers say of themselves, what they refuse, how they begin, and what they drop.</summary>
public class RecurrentLayerTests
{
    [Fact]
    public void Text_names_the_options()
    {
        Assert.Equal("Recurrent 64 tanh", new RecurrentLayer(64).ToString());
        Assert.Equal("Recurrent 4 ReLU, all steps, dropout 0.25", new RecurrentLayer(4, Activation.ReLU, returnSequences: true, dropoutRate: 0.25f).ToString());
        Assert.Equal("LSTM 64, dropout 0.5", new LstmLayer(64, dropoutRate: 0.5f).ToString());
        Assert.Equal("GRU 64, all steps", new GruLayer(64, returnSequences: true).ToString());
        Assert.Equal("Bidirectional [LSTM 8, all steps]: 28 x 3 -> 28 x 16, 768 parameters", Network.Create(new Shape(28, 3), [new BidirectionalLayer(new LstmLayer(8, returnSequences: true))], seed: 1).ToString());
        Assert.Equal("GRU 8: 28 x 3 -> 8, 312 parameters", Network.Create(new Shape(28, 3), [new GruLayer(8)], seed: 1).ToString());
    }

    [Fact]
    public void Numbers_outside_their_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("units", () => new RecurrentLayer(0));
        Assert.Throws<ArgumentOutOfRangeException>("units", () => new LstmLayer(-1));
        Assert.Throws<ArgumentOutOfRangeException>("dropoutRate", () => new GruLayer(1, dropoutRate: 1));
        Assert.Throws<ArgumentOutOfRangeException>("dropoutRate", () => new LstmLayer(1, dropoutRate: float.NaN));
        Assert.Throws<ArgumentNullException>("layer", () => new BidirectionalLayer(null!));
    }

    [Theory]
    [InlineData("softmax")]
    [InlineData("exponential")]
    public void Activations_for_outputs_do_not_go_from_step_to_step(string name)
    {
        var error = Assert.Throws<ArgumentException>("activation", () => new RecurrentLayer(4, Samples.Activations[name]));
        Assert.StartsWith($"The activation of a recurrent layer goes from step to step and must be one for hidden layers; {name} is for the output.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_layers_do_not_go_in_two_directions()
    {
        var error = Assert.Throws<ArgumentException>("layer", () => new BidirectionalLayer(new DenseLayer(3)));
        Assert.Contains("RecurrentLayer, LstmLayer or GruLayer", error.Message, StringComparison.Ordinal);
        Assert.Contains("'Dense 3 identity'", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("layer", () => new BidirectionalLayer(new BidirectionalLayer(new LstmLayer(2))));
    }

    [Fact]
    public void Plain_shapes_and_images_are_refused_with_what_is_needed()
    {
        foreach (var layer in (Layer[])[new RecurrentLayer(2), new LstmLayer(2), new GruLayer(2), new BidirectionalLayer(new LstmLayer(2))])
        {
            foreach (var shape in (Shape[])[12, new(4, 4, 3)])
            {
                var error = Assert.Throws<ArgumentException>(() => Network.Create(shape, [layer, new DenseLayer(1)], seed: 1));
                Assert.StartsWith($"Layer 0, {layer}, cannot take {shape}. It needs a sequence, steps x channels.", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Layers_that_no_memory_holds_are_refused()
    {
        foreach (var layer in (Layer[])[new RecurrentLayer(50_000), new LstmLayer(50_000), new GruLayer(50_000), new BidirectionalLayer(new LstmLayer(50_000))])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(new Shape(3, 4), [layer], seed: 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(new Shape(3, 4), [new EnsembleLayer(2, [layer])], seed: 1));
        }

        foreach (var layer in (Layer[])[new RecurrentLayer(1000), new LstmLayer(200, returnSequences: true), new GruLayer(1000), new BidirectionalLayer(new LstmLayer(200, returnSequences: true))])
            Assert.Throws<ArgumentOutOfRangeException>(() => Network.Create(new Shape(2_000_000, 4), [layer], seed: 1));
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(32, 32)]
    [InlineData(33, 7)]
    public void Recurrent_weights_begin_orthonormal(int units, int channels)
    {
        foreach (var layer in (Layer[])[new RecurrentLayer(units), new LstmLayer(units), new GruLayer(units), new BidirectionalLayer(new LstmLayer(units))])
        {
            var network = Network.Create(new Shape(2, channels), [layer], seed: 1);
            foreach (var parameter in network.Parameters.Where(p => p.Name.EndsWith("recurrent weights", StringComparison.Ordinal)))
            {
                Assert.True(parameter.IsDecayed);
                var (values, columns) = (parameter.ToArray(), parameter.Shape.Dimensions[1]);
                for (var i = 0; i < units; i++)
                {
                    for (var j = 0; j < units; j++)
                    {
                        var product = Enumerable.Range(0, columns).Sum(k => (double)values[i * columns + k] * values[j * columns + k]);
                        Assert.Equal(i == j ? 1 : 0, product, 1e-6);
                    }
                }
            }
        }
    }

    [Fact]
    public void Matrices_and_directions_begin_differently()
    {
        var network = Network.Create(new Shape(2, 6), [new BidirectionalLayer(new GruLayer(6))], seed: 1);
        var matrices = network.Parameters.Where(p => p.IsDecayed).Select(p => string.Join(' ', p.ToArray())).ToList();
        Assert.Equal(4, matrices.Distinct().Count());
        Assert.Equal(
            ["forward weights", "forward recurrent weights", "forward bias", "forward recurrent bias", "backward weights", "backward recurrent weights", "backward bias", "backward recurrent bias"],
            network.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void Input_weights_begin_within_the_limit_of_Glorot_or_He()
    {
        CheckLimit(new LstmLayer(20), 10, Math.Sqrt(6.0 / (10 + 4 * 20)));
        CheckLimit(new GruLayer(20), 10, Math.Sqrt(6.0 / (10 + 3 * 20)));
        CheckLimit(new RecurrentLayer(40), 10, Math.Sqrt(6.0 / (10 + 40)));
        CheckLimit(new RecurrentLayer(40, Activation.ReLU), 10, Math.Sqrt(6.0 / 10));

        static void CheckLimit(Layer layer, int channels, double limit)
        {
            var largest = Network.Create(new Shape(2, channels), [layer], seed: 1).Parameters[0].ToArray().Max(Math.Abs);
            Assert.InRange(largest, 0.95 * limit, limit * (1 + 1e-6));
        }
    }

    [Fact]
    public void Only_the_bias_of_the_forget_gate_begins_at_1()
    {
        const int Units = 37;
        var lstm = Network.Create(new Shape(2, 3), [new LstmLayer(Units)], seed: 1).Parameters[2];
        Assert.False(lstm.IsDecayed);
        Assert.Equal(Enumerable.Range(0, 4 * Units).Select(i => i / Units == 1 ? 1f : 0), lstm.ToArray());
        Assert.All(Network.Create(new Shape(2, 3), [new BidirectionalLayer(new LstmLayer(1))], seed: 1).Parameters.Where(p => !p.IsDecayed), bias => Assert.Equal([0, 1, 0, 0], bias.ToArray()));
        Assert.All(Network.Create(new Shape(2, 3), [new GruLayer(Units)], seed: 1).Parameters.Where(p => !p.IsDecayed), bias => Assert.All(bias.ToArray(), value => Assert.Equal(0, value)));
    }

    /// <summary>A layer that passes its inputs on, whatever its state, shows what it dropped.</summary>
    [Fact]
    public void What_is_dropped_is_the_same_in_all_steps()
    {
        const int Steps = 5, Channels = 50, Rows = 40;
        var network = Network.Create(new Shape(Steps, Channels), [new RecurrentLayer(Channels, Activation.Identity, returnSequences: true, dropoutRate: 0.25f)], seed: 1);
        network.SetParameter(network.Parameters[0], [.. Enumerable.Range(0, Channels * Channels).Select(i => i / Channels == i % Channels ? 1f : 0)]);
        network.SetParameter(network.Parameters[1], new float[Channels * Channels]);
        var rows = Samples.Numbers(Rows * Steps * Channels, seed: 2);
        var workspace = network.CreateWorkspace(Rows);
        var first = network.Forward(rows, workspace, new TrainingStep(1, 0)).ToArray();
        Assert.Equal(rows, network.Predict(rows));

        var dropped = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var ofFirstStep = first[i / (Steps * Channels) * Steps * Channels + i % Channels];
            Assert.Equal(ofFirstStep == 0 ? 0 : rows[i] / 0.75f, first[i], 1e-6f);
            dropped += ofFirstStep == 0 ? 1 : 0;
        }

        Assert.InRange(dropped / (double)rows.Length, 0.2, 0.3);
        Assert.Equal(first, network.Forward(rows, workspace, new TrainingStep(1, 0)).ToArray());
        Assert.NotEqual(first, network.Forward(rows, workspace, new TrainingStep(1, 1)).ToArray());
        Assert.NotEqual(first, network.Forward(rows, workspace, new TrainingStep(2, 0)).ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Finite_sequences_have_finite_predictions(bool returnSequences)
    {
        foreach (var layer in (Layer[])[
            new RecurrentLayer(3, Activation.ReLU, returnSequences), new RecurrentLayer(3, Activation.Identity, returnSequences), new LstmLayer(3, returnSequences), new GruLayer(3, returnSequences),
            new BidirectionalLayer(new GruLayer(3, returnSequences))])
        {
            var network = Network.Create(new Shape(4, 2), [layer, new DenseLayer(2)], seed: 1);
            foreach (var parameter in network.Parameters)
                network.SetParameter(parameter, [.. Samples.Numbers(parameter.Shape.Size, seed: 3).Select(x => x * float.MaxValue)]);
            float[] rows = [.. Samples.Numbers(5 * 8, seed: 4).Select(x => x * float.MaxValue)];
            Assert.All(network.Predict(rows), value => Assert.True(float.IsFinite(value)));
            rows[3] = float.NaN;
            Assert.True(float.IsNaN(network.Predict(rows)[0]));
        }
    }

    /// <summary>A file of thousands of bidirectional layers in one another would otherwise end the process, which no caller can catch.</summary>
    [Theory]
    [InlineData(16)]
    [InlineData(1)]
    [InlineData(4)]
    public void Saved_bidirectional_layers_hold_recurrent_ones_alone(byte kind)
    {
        var network = Network.Create(new Shape(2, 3), [new BidirectionalLayer(new LstmLayer(2))], seed: 1);
        var layer = new MemoryStream();
        LayerKinds.Write(network.Layers[0].Layer, new BinaryWriter(layer));
        var bytes = layer.ToArray();
        Assert.Equal([16, 14], bytes[..2]);
        bytes[1] = kind;
        Assert.Throws<FormatException>(() => new LayerReader(new MemoryStream(bytes)).ReadLayers(1));
        Assert.Equal(Samples.ParameterBits(network), Samples.ParameterBits(SavedNetworks.Load(SavedNetworks.Save(network))));
    }

    /// <summary>Many rows are predicted in blocks, which on several threads are larger.</summary>
    [Fact]
    public void Rows_of_any_block_are_predicted_as_each_alone()
    {
        const int Rows = 150;
        foreach (var layer in (Layer[])[new LstmLayer(33), new GruLayer(20, returnSequences: true), new BidirectionalLayer(new LstmLayer(9, returnSequences: true)), new BidirectionalLayer(new GruLayer(8))])
        {
            var network = Network.Create(new Shape(6, 5), [layer], seed: 1);
            var rows = Samples.Numbers(Rows * 30, seed: 2);
            var together = network.Predict(rows);
            var alone = Enumerable.Range(0, Rows).SelectMany(row => network.Predict(rows.AsSpan(row * 30, 30))).ToArray();
            Assert.Equal(Samples.Bits(alone), Samples.Bits(together));
            using var workspace = network.CreateWorkspace(Rows, threads: 3);
            Assert.Equal(Samples.Bits(alone), Samples.Bits(network.Forward(rows, workspace)));
        }
    }

    /// <summary>Sequences of a sparse table are written out.</summary>
    [Fact]
    public void Sparse_sequences_predict_as_dense_ones()
    {
        var network = Network.Create(new Shape(4, 3), [new LstmLayer(5), new DenseLayer(2)], seed: 1);
        var rows = SparseSamples.Rows(6, 12, share: 0.4, seed: 1);
        Assert.Equal(Samples.Bits(network.Predict(rows)), Samples.Bits(network.Predict(SparseSamples.Store(rows, 12))));
    }
}
