namespace MLNet.DenseNet.Engine.Tests.Explanations;

public class IntegratedGradientsTests
{
    public static IEnumerable<TheoryDataRow<string>> LayerKinds => Samples.Layers.Keys.Select(name => new TheoryDataRow<string>(name));

    [Fact]
    public void Linear_network_gives_weight_times_difference()
    {
        var network = Network.Create(3, [new DenseLayer(2)], seed: 1);
        var weights = network.Parameters[0].ToArray();
        float[] row = [1, -2, 0.5f], reference = [0.25f, 0, 0.5f];
        var contributions = Contributions(network, reference, row, output: 1);
        for (var i = 0; i < 3; i++)
            Assert.Equal(weights[2 * i + 1] * (row[i] - reference[i]), contributions[i], 1e-6);
        Assert.Equal(0, contributions[2]);
    }

    /// <summary>Against the formula in float64, with derivatives by finite differences.</summary>
    [Fact]
    public void Smooth_network_gives_the_mean_of_derivatives_on_the_way()
    {
        var network = Network.Create(4, [new DenseLayer(6, Activation.Tanh), new DenseLayer(5, Activation.SiLU), new DenseLayer(3, Activation.Softmax)], seed: 2);
        float[] row = [1.5f, -0.7f, 0.3f, 2], reference = [-1, 0.2f, 0.3f, 0.5f];
        var contributions = Contributions(network, reference, row, output: 2);
        var layers = network.Layers.Select(layer => (W: layer.Parameters[0].ToArray(), B: layer.Parameters[1].ToArray())).ToArray();
        for (var j = 0; j < 4; j++)
        {
            const int Points = 2000;
            const double Step = 1e-5;
            var sum = 0.0;
            for (var k = 0; k < Points; k++)
            {
                var share = (k + 0.5) / Points;
                double[] at = [.. reference.Zip(row, (r, x) => r + share * (x - (double)r))];
                double[] above = [.. at], below = [.. at];
                (above[j], below[j]) = (above[j] + Step, below[j] - Step);
                sum += (Logit(above) - Logit(below)) / (2 * Step);
            }

            Assert.Equal((row[j] - (double)reference[j]) * sum / Points, contributions[j], 2e-4);
        }

        double Logit(double[] x)
        {
            Func<double, double>[] functions = [Math.Tanh, z => z / (1 + Math.Exp(-z)), z => z];
            for (var i = 0; i < layers.Length; i++)
            {
                var (w, b) = layers[i];
                var input = x;
                x = [.. b.Select((bias, unit) => functions[i](bias + input.Select((value, n) => value * w[n * b.Length + unit]).Sum()))];
            }

            return x[2];
        }
    }

    /// <summary>Near the reference, a contribution is the difference that the feature alone makes to a prediction. In training, normalization and dropout would make others of them.</summary>
    [Theory]
    [MemberData(nameof(LayerKinds))]
    public void Every_kind_of_layer_is_as_at_prediction(string name)
    {
        var (layer, shape) = Samples.Layers[name];
        var network = WithRandomParameters(Network.Create(shape, [layer, new DenseLayer(2)], seed: 1));
        // Away from the steps of rectifiers and the places where another value becomes the largest, which few points have.
        var reference = Samples.WholeNumbersWhereNeeded(layer, Samples.Numbers(shape.Size, seed: 4));
        var row = (float[])reference.Clone();
        var (first, second) = (0, shape.Size - 1);
        var step = layer is EmbeddingLayer ? 1 : 1e-3f;
        foreach (var feature in new[] { first, second })
            row[feature] += row[feature] >= 1 && step == 1 ? -step : step;
        var contributions = Contributions(network, reference, row, output: 1);

        var before = network.Predict(reference)[1];
        Assert.Equal(network.Predict(row)[1] - before, contributions.Sum(), 1e-5);
        if (layer is EmbeddingLayer)
            return;
        foreach (var feature in new[] { first, second })
        {
            var changed = (float[])reference.Clone();
            changed[feature] = row[feature];
            Assert.Equal(network.Predict(changed)[1] - before, contributions[feature], 3e-2 * Math.Abs(contributions[feature]) + 3e-6);
        }
    }

    [Fact]
    public void Running_statistics_stay_as_they_are()
    {
        var network = WithRandomParameters(Network.Create(3, [new DenseLayer(4), new BatchNormalizationLayer(), new DenseLayer(1)], seed: 1));
        var before = Samples.ParameterBits(network);
        Contributions(network, [0, 0, 0], [1, 2, 3], output: 0);
        Assert.Equal(before, Samples.ParameterBits(network));
    }

    [Fact]
    public void Contributions_of_an_ensemble_add_up_to_the_difference_of_its_mean()
    {
        Layer[] layers = [new StandardizationLayer(), new EnsembleLayer(3, [new NumericEmbeddingLayer(2, 16), new DenseLayer(8, Activation.SiLU), new DenseLayer(2)])];
        var network = WithRandomParameters(Network.Create(5, layers, seed: 1));
        float[] reference = [0.1f, 0.2f, 0.3f, -0.1f, -0.2f], row = [2, -1, 0.3f, 0, 5];
        var contributions = Contributions(network, reference, row, output: 1);
        Assert.Equal(network.Predict(row)[1] - network.Predict(reference)[1], contributions.Sum(), 1e-4);
        Assert.Equal(0, contributions[2]);
    }

    /// <summary>A step in a function of one number is that number's, wherever it lies on the way.</summary>
    [Fact]
    public void Step_belongs_to_its_feature()
    {
        var network = Network.Create(2, [new NumericEmbeddingLayer(1, 4), new DenseLayer(1)], seed: 1);
        float[] edges = [0, 0.37f, 0.3701f, 0.8f, 1];
        network.SetParameter(network.Parameters[0], [.. edges, .. edges]);
        network.SetParameter(network.Parameters[1], [0, 10, 0, 0, 0, 0, 0, 0]);
        network.SetParameter(network.Parameters[2], [0, 1, 1, 0]);
        float[] expected = [10, 0.5f];
        Assert.Equal(expected, Contributions(network, [0.1f, 0.25f], [0.9f, 0.75f], output: 0));
    }

    /// <summary>So it is where functions are beside sums of other features, as trainers put them among words.</summary>
    [Fact]
    public void Step_beside_sums_belongs_to_its_feature()
    {
        var network = Network.Create(3, [new WideAndDeepLayer([0, 1], [new NumericEmbeddingLayer(1, 4), new DenseLayer(1)]), new ActivationLayer(Activation.Identity)], seed: 1);
        float[] edges = [0, 0.37f, 0.3701f, 0.8f, 1];
        network.SetParameter(network.Parameters[0], [0, 0.5f, 2]);
        network.SetParameter(network.Parameters[1], [.. edges, .. edges]);
        network.SetParameter(network.Parameters[2], [0, 10, 0, 0, 0, 0, 0, 0]);
        network.SetParameter(network.Parameters[3], [0, 0.5f, 1, 0]);
        float[] expected = [10, 0.5f, -2];
        Assert.Equal(expected, Contributions(network, [0.1f, 0.25f, 1], [0.9f, 0.75f, 0], output: 0));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(3f)]
    public void Functions_in_front_of_sums_are_those_beside_them(float scaleRate)
    {
        var network = WithRandomParameters(Network.Create(
            7, [new StandardizationLayer(), new WideAndDeepLayer([1, 4, 6], [new NumericEmbeddingLayer(3, 5, scaleRate: scaleRate), new DenseLayer(4)]), new ActivationLayer(Activation.SiLU), new DenseLayer(2)], seed: 1));
        var front = FunctionsInFront.Of(network);
        Assert.IsType<NumericEmbeddingLayer>(front.Layers[1].Layer);
        var rows = Samples.Numbers(7 * 20, seed: 5);
        Assert.All(network.Predict(rows).Zip(front.Predict(rows)), pair => Assert.Equal(pair.First, pair.Second, 1e-4f * Math.Max(1, Math.Abs(pair.First))));
        Assert.Same(front, FunctionsInFront.Of(front));
    }

    [Fact]
    public void Missing_value_is_its_own_contribution()
    {
        var network = Network.Create(2, [new MissingValueLayer([0]), new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[0], [3]);
        network.SetParameter(network.Parameters[1], [1, 2, 5]);
        float[] expected = [5 + 2, 4];
        Assert.Equal(expected, Contributions(network, [1, 0], [float.NaN, 2], output: 0));
    }

    [Fact]
    public void Words_behind_dropout_and_a_shape_are_looked_up()
    {
        var network = WithRandomParameters(Network.Create(3, [new DropoutLayer(0.5f), new ReshapeLayer(new Shape(3, 1)), new EmbeddingLayer(5, 2), new DenseLayer(1)], seed: 1));
        var contributions = Contributions(network, [0, 0, 0], [4, 0, 2], output: 0);
        Assert.Equal(network.Predict([4, 0, 2])[0] - network.Predict([0, 0, 0])[0], contributions.Sum(), 1e-5);
        Assert.Equal(network.Predict([4, 0, 0])[0] - network.Predict([0, 0, 0])[0], contributions[0], 1e-5);
    }

    [Fact]
    public void Mean_row_is_what_was_standardized_by()
    {
        var network = Network.Create(2, [new MissingValueLayer([0]), new StandardizationLayer(), new DenseLayer(1)], seed: 1);
        network.SetParameter(network.Parameters[1], [3, 4, 0.5f]);
        float[] expected = [3, 4];
        Assert.Equal(expected, IntegratedGradients.MeanRow(network));
        Assert.Equal(new float[2], IntegratedGradients.MeanRow(Network.Create(2, [new DenseLayer(1)], seed: 1)));
    }

    [Fact]
    public void What_is_no_number_stays_none()
    {
        var network = Network.Create(2, [new DenseLayer(3, Activation.ReLU), new DenseLayer(1)], seed: 1);
        Assert.All(Contributions(network, [0, 0], [float.NaN, 1], output: 0), value => Assert.True(float.IsNaN(value)));
    }

    /// <summary>Wide rows go through in several pieces.</summary>
    [Fact]
    public void Wide_rows_add_up_too()
    {
        var network = Network.Create(70_000, [new DenseLayer(3, Activation.Tanh), new DenseLayer(1)], seed: 1);
        var row = Samples.Numbers(70_000, seed: 3);
        var contributions = Contributions(network, new float[row.Length], row, output: 0);
        Assert.Equal(network.Predict(row)[0] - network.Predict(new float[row.Length])[0], contributions.Sum(value => (double)value), 1e-4);
    }

    [Fact]
    public void What_does_not_fit_is_an_error()
    {
        var gradients = new IntegratedGradients(Network.Create(2, [new DenseLayer(3)], seed: 1), [0, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => gradients.Run([1], 0, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => gradients.Run([1, 2], 0, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => gradients.Run([1, 2], 3, new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => gradients.Run([1, 2], -1, new float[2]));
    }

    private static float[] Contributions(Network network, float[] reference, float[] row, int output)
    {
        var contributions = new float[row.Length];
        new IntegratedGradients(network, reference).Run(row, output, contributions);
        return contributions;
    }

    private static Network WithRandomParameters(Network network)
    {
        foreach (var (parameter, index) in network.Parameters.Select((parameter, index) => (parameter, index)))
        {
            if (!parameter.Name.Contains("edges", StringComparison.Ordinal))
                network.SetParameter(parameter, [.. Samples.Numbers(parameter.Shape.Size, seed: 20 + index).Select(value => parameter.Name.EndsWith("variance", StringComparison.Ordinal) ? 1.5f + value : value)]);
        }

        return network;
    }
}
