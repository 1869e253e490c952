namespace MLNet.DenseNet.Engine.Tests;

/// <summary>
/// One step of a network with two inputs, two hidden and two output units, computed by hand. The expected numbers follow from the
/// formulas beside them in double precision. Weights are stored (inputs x units): in unit 1, unit 2 of input 1, then of input 2.
/// </summary>
public class TextbookStepTests
{
    // The roundings of two layers, forward and back: sums of three terms, sigmoids that are off by three units in the last place, and the given numbers themselves.
    private const int Roundings = 16;

    private static readonly float[] Inputs = [0.05f, 0.10f];
    private static readonly float[] Targets = [0.01f, 0.99f];

    // h_j = sigmoid(sum over i of x_i w_ij + b)
    private static readonly double[] HiddenOutputs = [0.593269992107, 0.596884378260];

    // o_k = sigmoid(sum over j of h_j v_jk + c)
    private static readonly double[] Outputs = [0.751365069552, 0.772928465321];

    // L = ((o_1 - t_1)² + (o_2 - t_2)²) / 2
    private const double Loss = 0.298371108760;

    // delta_k = (o_k - t_k) o_k (1 - o_k), which is the gradient of the bias; dL/dv_jk = delta_k h_j
    private static readonly double[] OutputBiasGradient = [0.138498561629, -0.038098236517];
    private static readonly double[] OutputWeightGradient = [0.082167040564, -0.022602540477, 0.082667627848, -0.022740242216];

    // delta_j = (sum over k of delta_k v_jk) h_j (1 - h_j), which is the gradient of the bias; dL/dw_ij = delta_j x_i
    private static readonly double[] HiddenBiasGradient = [0.008771354689, 0.009954254705];
    private static readonly double[] HiddenWeightGradient = [0.000438567734, 0.000497712735, 0.000877135469, 0.000995425471];

    // new value = old value - 0.5 * gradient
    private static readonly double[] NewOutputWeights = [0.358916479718, 0.511301270239, 0.408666186076, 0.561370121108];
    private static readonly double[] NewOutputBias = [0.530750719186, 0.619049118258];
    private static readonly double[] NewHiddenWeights = [0.149780716133, 0.249751143632, 0.199561432266, 0.299502287265];
    private static readonly double[] NewHiddenBias = [0.345614322655, 0.345022872647];

    [Fact]
    public void Forward_pass_gives_the_outputs_of_both_layers()
    {
        var network = TextbookNetwork();
        var workspace = network.CreateWorkspace(1);
        CheckClose(Outputs, network.Forward(Inputs, workspace));
        CheckClose(HiddenOutputs, workspace.Output(0));
    }

    [Fact]
    public void Loss_and_every_gradient_are_those_of_the_formulas()
    {
        var network = TextbookNetwork();
        var trainer = NewTrainer(network);
        Tolerance.Check(Loss, trainer.ComputeGradient(Inputs, Targets), Roundings, magnitude: 1);
        CheckClose(HiddenWeightGradient, trainer.Gradient(network.Parameters[0]));
        CheckClose(HiddenBiasGradient, trainer.Gradient(network.Parameters[1]));
        CheckClose(OutputWeightGradient, trainer.Gradient(network.Parameters[2]));
        CheckClose(OutputBiasGradient, trainer.Gradient(network.Parameters[3]));
    }

    [Fact]
    public void Step_moves_every_weight_and_bias_against_its_gradient()
    {
        var network = TextbookNetwork();
        var trainer = NewTrainer(network);
        trainer.ComputeGradient(Inputs, Targets);
        trainer.Step();
        CheckClose(NewHiddenWeights, network.Parameters[0].ToArray());
        CheckClose(NewHiddenBias, network.Parameters[1].ToArray());
        CheckClose(NewOutputWeights, network.Parameters[2].ToArray());
        CheckClose(NewOutputBias, network.Parameters[3].ToArray());
    }

    /// <summary>As a loop of one's own takes them, of which the rate changes.</summary>
    [Fact]
    public void A_step_may_have_a_rate_of_its_own()
    {
        var (network, other) = (TextbookNetwork(), TextbookNetwork());
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = new MeanSquaredError(), Optimizer = new StochasticGradientDescent(), LearningRate = 3 });
        trainer.ComputeGradient(Inputs, Targets);
        trainer.Step(0.125f);
        var before = other.Parameters[0].ToArray();
        var slow = new NetworkTrainer(other, new TrainingOptions { Loss = new MeanSquaredError(), Optimizer = new StochasticGradientDescent(), LearningRate = 0.125f });
        slow.ComputeGradient(Inputs, Targets);
        slow.Step();
        Assert.Equal(other.Parameters[0].ToArray(), network.Parameters[0].ToArray());
        Assert.NotEqual(before, other.Parameters[0].ToArray());
    }

    [Fact]
    public void A_gradient_of_rows_that_were_refused_is_not_that_of_the_rows_before()
    {
        var network = TextbookNetwork();
        var trainer = NewTrainer(network);
        trainer.ComputeGradient(Inputs, Targets);
        Assert.Throws<ArgumentException>(() => trainer.ComputeGradient([float.NaN, 1], Targets));
        Assert.Throws<InvalidOperationException>(trainer.Step);
        trainer.ComputeGradient(Inputs, Targets);
        Assert.Throws<ArgumentException>(() => trainer.ComputeGradient([1], Targets));
        Assert.Throws<InvalidOperationException>(() => trainer.Gradient(network.Parameters[0]));
    }

    private static Network TextbookNetwork()
    {
        var network = Network.Create(2, [new DenseLayer(2, Activation.Sigmoid), new DenseLayer(2, Activation.Sigmoid)], seed: 1);
        network.SetParameter(network.Parameters[0], [0.15f, 0.25f, 0.20f, 0.30f]);
        network.SetParameter(network.Parameters[1], [0.35f, 0.35f]);
        network.SetParameter(network.Parameters[2], [0.40f, 0.50f, 0.45f, 0.55f]);
        network.SetParameter(network.Parameters[3], [0.60f, 0.60f]);
        return network;
    }

    private static NetworkTrainer NewTrainer(Network network) =>
        new(network, new TrainingOptions { Loss = new MeanSquaredError(), Optimizer = new StochasticGradientDescent(), LearningRate = 0.5f });

    private static void CheckClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Tolerance.Check(expected[i], actual[i], Roundings, magnitude: 1);
    }
}
