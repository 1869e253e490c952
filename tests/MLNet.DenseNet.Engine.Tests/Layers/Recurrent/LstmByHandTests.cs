namespace MLNet.DenseNet.Engine.Tests.Layers;

/// <summary>
/// Two steps of an LSTM with one unit and one channel, computed by hand, forwards and backwards. The expected numbers follow from the formulas beside them in double precision.
/// Gates are in the order i, f, g, o.
/// </summary>
public class LstmByHandTests
{
    // Sums of three terms and functions that are off by a few units in the last place, over two steps.
    private const int Roundings = 24;

    private static readonly float[] Inputs = [1, -0.5f];
    private static readonly float[] Target = [0.25f];

    // z = x w + h' u + b; i, f, o = sigmoid(z), g = tanh(z)
    // Step 1: i = 0.622459331202, f = 0.802183888559, g = 0.761594155956, o = 0.524979187479
    // Step 2: i = 0.443536006416, f = 0.699801549539, g = -0.396534033432, o = 0.436029036942
    // c = f c' + i g, h = o tanh(c)
    // Step 1: c = 0.474061388963, tanh(c) = 0.441474993684
    // Step 2: c = 0.155871772977, tanh(c) = 0.154621567543
    private static readonly double[] States = [0.231765183476, 0.067419493186];

    // L = (h - t)²
    private const double Loss = 0.033335641468;

    // Step 2: dh = 2 (h - t) = -0.365161013628, dc = dh o (1 - tanh²(c)) = -0.155414181296
    //   dz_i = dc g i (1 - i) = 0.015210274874, dz_f = dc c' f (1 - f) = -0.015477776658, dz_g = dc i (1 - g²) = -0.058093003801, dz_o = dh tanh(c) o (1 - o) = -0.013884384486
    // Step 1: dh = sum over the gates of dz u = 0.010299619502, dc = (dc f of step 2) + dh o (1 - tanh²(c)) = -0.104405840971
    //   dz_i = -0.018686291583, dz_f = 0, dz_g = -0.027293456279, dz_o = 0.001133918953
    // dw = sum over the steps of x dz, du = h' dz of step 2, db = sum of dz
    private static readonly double[] WeightGradient = [-0.026291429020, 0.007738888329, 0.001753045621, 0.008076111196];
    private static readonly double[] RecurrentWeightGradient = [0.003525212147, -0.003587209747, -0.013463935685, -0.003217916918];
    private static readonly double[] BiasGradient = [-0.003476016709, -0.015477776658, -0.085386460080, -0.012750465532];

    [Fact]
    public void States_are_those_of_the_formulas() => CheckClose(States, HandNetwork(returnSequences: true).Predict(Inputs));

    [Fact]
    public void Loss_and_every_gradient_are_those_of_the_formulas()
    {
        var network = HandNetwork(returnSequences: false);
        var trainer = new NetworkTrainer(network, new TrainingOptions { Loss = new MeanSquaredError(), Optimizer = new StochasticGradientDescent(), LearningRate = 0.5f });
        Tolerance.Check(Loss, trainer.ComputeGradient(Inputs, Target), Roundings, magnitude: 1);
        CheckClose(WeightGradient, trainer.Gradient(network.Parameters[0]));
        CheckClose(RecurrentWeightGradient, trainer.Gradient(network.Parameters[1]));
        CheckClose(BiasGradient, trainer.Gradient(network.Parameters[2]));
    }

    private static Network HandNetwork(bool returnSequences)
    {
        var network = Network.Create(new Shape(2, 1), [new LstmLayer(1, returnSequences)], seed: 1);
        network.SetParameter(network.Parameters[0], [0.5f, 0.4f, 0.9f, 0.3f]);
        network.SetParameter(network.Parameters[1], [0.1f, 0.2f, -0.3f, 0.4f]);
        network.SetParameter(network.Parameters[2], [0, 1, 0.1f, -0.2f]);
        return network;
    }

    private static void CheckClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Tolerance.Check(expected[i], actual[i], Roundings, magnitude: 1);
    }
}
