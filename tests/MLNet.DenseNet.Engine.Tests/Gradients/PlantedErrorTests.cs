namespace MLNet.DenseNet.Engine.Tests.Gradients;

/// <summary>The gradient check must see an error where there is one.</summary>
public class PlantedErrorTests
{
    private const int OutputBias = 3;

    private readonly Examples _examples = Examples.For(new MeanSquaredError(), inputs: 3, outputs: 2, weighted: false);
    private readonly NetworkTrainer _trainer;
    private readonly double[][] _expected;
    private readonly List<float[]> _gradients;

    public PlantedErrorTests()
    {
        var network = Network.Create(3, [new DenseLayer(4, Activation.Tanh), new DenseLayer(2)], seed: 5);
        _trainer = new NetworkTrainer(network, new TrainingOptions());
        _expected = new ReferenceNetwork(network, new MeanSquaredError()).Gradient(_examples);
        _trainer.ComputeGradient(_examples.Features, _examples.Targets);
        _gradients = GradientCheck.Gradients(_trainer);
    }

    [Fact]
    public void Right_gradients_pass() => Assert.Null(GradientCheck.Disagreement(_gradients, _expected));

    [Theory]
    [InlineData(1.05f)]
    [InlineData(0.999f)]
    [InlineData(-1f)]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    public void One_wrong_value_in_any_parameter_is_reported(float factor)
    {
        for (var parameter = 0; parameter < _gradients.Count; parameter++)
        {
            var right = _gradients[parameter];
            var wrong = right.ToArray();
            var largest = Array.IndexOf(right, right.MaxBy(Math.Abs));
            wrong[largest] *= factor;
            _gradients[parameter] = wrong;
            Assert.StartsWith($"Parameter {parameter}, value {largest}:", GradientCheck.Disagreement(_gradients, _expected), StringComparison.Ordinal);
            _gradients[parameter] = right;
        }
    }

    [Fact]
    public void A_bias_gradient_that_misses_an_example_is_reported()
    {
        var rest = _examples.WithoutLastRow();
        _trainer.ComputeGradient(rest.Features, rest.Targets);
        var share = (float)rest.Rows / _examples.Rows;
        _gradients[OutputBias] = [.. _trainer.Gradient(_trainer.Network.Parameters[OutputBias]).ToArray().Select(g => g * share)];
        Assert.StartsWith($"Parameter {OutputBias},", GradientCheck.Disagreement(_gradients, _expected), StringComparison.Ordinal);
    }
}
