namespace MLNet.DenseNet.Engine.Tests.Gradients;

public class GradientTests
{
    private const int Inputs = 3;
    private const int Outputs = 4;

    /// <summary>Losses of single rows; those of groups have tests of their own.</summary>
    private static readonly Dictionary<string, Loss> Losses = new(Samples.Losses.Where(sample => !sample.Value.NeedsGroups)) { ["focal"] = new FocalLoss(2) };

    public static TheoryData<string, string, string, bool> HiddenActivationsAndOutputs()
    {
        var data = new TheoryData<string, string, string, bool>();
        foreach (var hidden in Samples.Activations.Keys)
        {
            foreach (var (name, loss) in Losses)
            {
                foreach (var output in OutputActivations(loss))
                {
                    data.Add(hidden, output, name, false);
                    data.Add(hidden, output, name, true);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(HiddenActivationsAndOutputs))]
    public void Gradient_agrees_with_differences_for_every_activation_and_loss(string hidden, string output, string loss, bool weighted) =>
        Check([Dense(5, hidden), Dense(Outputs, output)], Losses[loss], weighted);

    [Theory]
    [InlineData("identity", "mean squared error")]
    [InlineData("softmax", "softmax cross-entropy")]
    [InlineData("sigmoid", "binary cross-entropy")]
    public void Gradient_agrees_with_differences_without_a_hidden_layer(string output, string loss) =>
        Check([Dense(Outputs, output)], Losses[loss], weighted: true);

    [Theory]
    [InlineData("tanh")]
    [InlineData("ReLU")]
    [InlineData("leaky ReLU")]
    [InlineData("SiLU")]
    public void Gradient_agrees_with_differences_through_ten_hidden_layers(string hidden)
    {
        var layers = Enumerable.Range(0, 10).Select(_ => Dense(7, hidden)).Append(Dense(Outputs, "identity"));
        var gradient = Check([.. layers], new MeanSquaredError(), weighted: false);
        // Otherwise the tolerance's floor could hide a wrong first layer.
        Assert.True(gradient[0].Max(Math.Abs) > 1e-4);
    }

    [Theory]
    [InlineData("sigmoid", false)]
    [InlineData("sigmoid", true)]
    [InlineData("softmax", false)]
    public void Gradient_agrees_with_differences_under_a_fixed_dropout_mask(string hidden, bool weighted)
    {
        const int Seed = 21;
        // Hidden outputs that are never 0, so that the mask can be read off them; the step number of the first gradient is 0.
        Layer[] layers = [new DropoutLayer(0.3f), Dense(6, hidden), new DropoutLayer(0.5f), Dense(Outputs, "identity"), new DropoutLayer(0.25f)];
        var loss = new MeanSquaredError();
        var network = NewNetwork(layers);
        var examples = Examples.For(loss, Inputs, Outputs, weighted);
        var workspace = network.CreateWorkspace(examples.Rows);
        network.Forward(examples.Features, workspace, new TrainingStep(Seed, 0));
        var reference = new ReferenceNetwork(network, loss);
        foreach (var layer in (int[])[0, 2, 4])
        {
            var input = (layer == 0 ? examples.Features : workspace.Output(layer - 1)).ToArray();
            var factors = workspace.Output(layer).ToArray().Zip(input, (y, x) => (double)y / x).ToArray();
            Assert.Contains(factors, factor => factor == 0);
            Assert.Contains(factors, factor => factor > 1);
            reference.DropoutFactors.Add(layer, factors);
        }

        GradientCheck.Check(new NetworkTrainer(network, new TrainingOptions { Loss = loss, Seed = Seed }), reference, examples);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_agrees_with_differences_through_standardizations(bool isWeighted)
    {
        // The second limit is so small that many values come near it.
        Layer[] layers = [new StandardizationLayer(), Dense(6, "tanh"), new StandardizationLayer(limit: 0.4f), Dense(Outputs, "identity")];
        var gradient = Check(layers, new MeanSquaredError(), isWeighted, network =>
        {
            foreach (var parameter in network.Parameters.Where(p => !p.IsTrained))
                network.SetParameter(parameter, Samples.Numbers(parameter.Shape.Size, seed: parameter.Shape.Size));
        });
        Assert.Contains(gradient[2], value => value != 0);
    }

    [Theory]
    [InlineData("tanh", 1, false)]
    [InlineData("ReLU", 5, true)]
    [InlineData("SiLU", 33, false)]
    [InlineData("softmax", 40, true)]
    public void Gradient_of_sparse_rows_agrees_with_differences(string hidden, int units, bool isWeighted)
    {
        const int SparseInputs = 12;
        var loss = new MeanSquaredError();
        var examples = Examples.For(loss, SparseInputs, Outputs, isWeighted);
        // Each row holds a quarter of the columns, all rows together two thirds.
        examples = examples with { Features = [.. examples.Features.Select((x, i) => (i % SparseInputs + i / SparseInputs) % 4 == 0 && i % 3 != 0 ? x : 0)] };
        foreach (var layers in (Layer[][])[[Dense(units, hidden), Dense(Outputs, "identity")], [new StandardizationLayer(limit: 0.6f), Dense(units, hidden), Dense(Outputs, "identity")]])
        {
            var network = Network.Create(SparseInputs, layers, seed: 4);
            if (layers.Length == 3)
                network.SetParameter(network.Parameters[1], Samples.Numbers(SparseInputs, seed: 13));
            GradientCheck.CheckSparse(new NetworkTrainer(network, new TrainingOptions { Loss = loss }), new ReferenceNetwork(network, loss), examples);
        }
    }

    private static double[][] Check(Layer[] layers, Loss loss, bool weighted, Action<Network>? prepare = null)
    {
        var network = NewNetwork(layers);
        prepare?.Invoke(network);
        var examples = Examples.For(loss, Inputs, Outputs, weighted);
        var reference = new ReferenceNetwork(network, loss);
        GradientCheck.Check(new NetworkTrainer(network, new TrainingOptions { Loss = loss }), reference, examples);
        return reference.Gradient(examples);
    }

    private static Network NewNetwork(Layer[] layers)
    {
        var network = Network.Create(Inputs, layers, seed: 4);
        foreach (var bias in network.Parameters.Where(p => p.Name == "bias"))
            network.SetParameter(bias, Samples.Numbers(bias.Shape.Size, seed: bias.Shape.Size));
        return network;
    }

    [Fact]
    public void A_small_step_lowers_the_reported_loss_of_several_outputs_by_what_its_gradient_says()
    {
        var (features, targets) = (Samples.Numbers(3 * 40, seed: 1), Samples.Numbers(5 * 40, seed: 2));
        var network = Network.Create(3, [Dense(8, "tanh"), new DenseLayer(5)], seed: 3);
        const float Rate = 1e-3f;
        var trainer = new NetworkTrainer(network, new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = Rate, Seed = 1 });
        var before = trainer.ComputeGradient(features, targets);
        var squares = network.Parameters.Sum(p => trainer.Gradient(p).Sum(g => (double)g * g));
        trainer.Step();
        Assert.Equal(1, (before - trainer.ComputeGradient(features, targets)) / (Rate * squares), 0.01);
    }

    /// <summary>The activation that a loss is made for, and others that its formula is right for.</summary>
    private static IEnumerable<string> OutputActivations(Loss loss) => loss switch
    {
        MeanSquaredError => Samples.Activations.Keys,
        HuberLoss => ["identity", "sigmoid"],
        SoftmaxCrossEntropy or MulticlassHingeLoss => ["softmax", "identity"],
        BinaryCrossEntropy or HingeLoss or FocalLoss => ["sigmoid", "identity"],
        PoissonLoss or GammaLoss or TweedieLoss => ["exponential", "identity"],
        _ => ["identity", "tanh"],
    };

    private static DenseLayer Dense(int units, string activation) => new(units, Samples.Activations[activation]);
}
