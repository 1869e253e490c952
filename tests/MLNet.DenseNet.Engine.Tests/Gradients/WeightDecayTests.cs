namespace MLNet.DenseNet.Engine.Tests.Gradients;

public class WeightDecayTests
{
    private const float Decay = 0.1f;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Step_follows_the_gradient_of_the_penalized_objective(bool weighted)
    {
        var loss = new MeanSquaredError();
        var examples = Examples.For(loss, inputs: 3, outputs: 2, weighted);
        var network = Network.Create(3, [new DenseLayer(5, Activation.Tanh), new DenseLayer(2)], seed: 6);
        foreach (var bias in network.Parameters.Where(p => p.Name == "bias"))
            network.SetParameter(bias, [.. Enumerable.Repeat(0.5f, bias.Shape.Size)]);
        var expected = new ReferenceNetwork(network, loss).Gradient(examples, Decay);
        var before = network.Parameters.Select(p => p.ToArray()).ToArray();

        var trainer = new NetworkTrainer(network, new TrainingOptions
        {
            Loss = loss,
            Optimizer = new StochasticGradientDescent(),
            LearningRate = 1,
            WeightDecay = Decay,
        });
        trainer.ComputeGradient(examples.Features, examples.Targets, examples.Weights);
        trainer.Step();

        var moves = network.Parameters.Zip(before, (p, old) => old.Zip(p.ToArray(), (from, to) => from - to).ToArray()).ToArray();
        Assert.Null(GradientCheck.Disagreement(moves, expected));
    }

    [Fact]
    public void Reported_loss_and_gradient_leave_the_penalty_out()
    {
        var examples = Examples.For(new MeanSquaredError(), inputs: 3, outputs: 2, weighted: false);
        var network = Network.Create(3, [new DenseLayer(2)], seed: 6);
        var trainer = new NetworkTrainer(network, new TrainingOptions { WeightDecay = Decay });
        GradientCheck.Check(trainer, new ReferenceNetwork(network, new MeanSquaredError()), examples);
    }
}
