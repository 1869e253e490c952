namespace MLNet.DenseNet.Engine.Tests.Gradients;

/// <summary>Activations and losses of one row in float64, straight from their definitions and apart from the engine's code.</summary>
internal static class ReferenceFunctions
{
    public static double[] Activate(Activation activation, double[] z) => activation.Name switch
    {
        "identity" => z,
        "sigmoid" => [.. z.Select(Sigmoid)],
        "tanh" => [.. z.Select(Math.Tanh)],
        "ReLU" => [.. z.Select(x => Math.Max(0, x))],
        "leaky ReLU" => [.. z.Select(x => x > 0 ? x : ((LeakyRectifiedLinear)activation).NegativeSlope * x)],
        "GELU" => [.. z.Select(x => x * (1 + ErrorFunction(x / Math.Sqrt(2))) / 2)],
        "SiLU" => [.. z.Select(x => x * Sigmoid(x))],
        "softmax" => Softmax(z),
        "exponential" => [.. z.Select(Math.Exp)],
        _ => throw new ArgumentException($"There is no reference for {activation}.", nameof(activation)),
    };

    /// <summary>The derivative of each activation of one unit, from its definition.</summary>
    public static double Differentiate(Activation activation, double z) => activation.Name switch
    {
        "identity" => 1,
        "sigmoid" => Sigmoid(z) * Sigmoid(-z),
        "tanh" => 1 / (Math.Cosh(z) * Math.Cosh(z)),
        "ReLU" => z > 0 ? 1 : 0,
        "leaky ReLU" => z > 0 ? 1 : ((LeakyRectifiedLinear)activation).NegativeSlope,
        "GELU" => (1 + ErrorFunction(z / Math.Sqrt(2))) / 2 + z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI),
        "SiLU" => Sigmoid(z) * (1 + z * Sigmoid(-z)),
        "exponential" => Math.Exp(z),
        _ => throw new ArgumentException($"There is no reference for {activation}.", nameof(activation)),
    };

    /// <param name="loss">The kind.</param>
    /// <param name="output">The network's output, after its activation.</param>
    /// <param name="isLink">Whether that output is a probability already, or a mean and not its logarithm.</param>
    /// <param name="target">What it should be.</param>
    public static double Lose(Loss loss, double[] output, bool isLink, double[] target) => loss switch
    {
        MeanSquaredError => output.Zip(target, (y, t) => (y - t) * (y - t)).Average(),
        MeanAbsoluteError => output.Zip(target, (y, t) => Math.Abs(y - t)).Average(),
        HuberLoss huber => output.Zip(target, (y, t) => Huber(Math.Abs(y - t), huber.Delta)).Average(),
        SoftmaxCrossEntropy entropy => -(isLink ? output : Softmax(output)).Zip(Smooth(target, entropy.LabelSmoothing, target.Length), (p, t) => t * Math.Log(p)).Sum(),
        BinaryCrossEntropy entropy => -Probabilities(output, isLink)
            .Zip(Smooth(target, entropy.LabelSmoothing, 2), (p, t) => t * Math.Log(p) + (1 - t) * Math.Log(1 - p)).Average(),
        HingeLoss => Scores(output, isLink).Zip(target, (z, t) => Math.Max(0, 1 - (t == 1 ? z : -z))).Average(),
        MulticlassHingeLoss => CrammerSinger(isLink ? [.. output.Select(p => Math.Log(p))] : output, Array.IndexOf(target, target.Max())),
        QuantileLoss { Quantile: var q } => output.Zip(target, (y, t) => Math.Max(q * (t - y), (q - 1) * (t - y))).Average(),
        MultiQuantileLoss { Quantiles: var all } => output.Zip(target, all).Average(o => o.Second > o.First ? o.Third * (o.Second - o.First) : (1 - o.Third) * (o.First - o.Second)),
        PoissonLoss => Means(output, isLink).Zip(target, Poisson).Average(),
        GammaLoss => Means(output, isLink).Zip(target, Gamma).Average(),
        TweedieLoss { VariancePower: var p } => Means(output, isLink).Zip(target, (mean, t) => Tweedie(mean, t, p)).Average(),
        FocalLoss focal => -Probabilities(output, isLink)
            .Zip(target, (p, t) => t * Math.Pow(1 - p, focal.Focus) * Math.Log(p) + (1 - t) * Math.Pow(p, focal.Focus) * Math.Log(1 - p)).Average(),
        _ => throw new ArgumentException($"There is no reference for {loss}.", nameof(loss)),
    };

    /// <summary>Half of scikit-learn's mean_poisson_deviance.</summary>
    public static double Poisson(double mean, double target) => mean - target + (target == 0 ? 0 : target * Math.Log(target / mean));

    /// <summary>Half of scikit-learn's mean_gamma_deviance.</summary>
    public static double Gamma(double mean, double target) => target / mean - 1 - Math.Log(target / mean);

    /// <summary>Half of scikit-learn's mean_tweedie_deviance.</summary>
    public static double Tweedie(double mean, double target, double power) =>
        Math.Pow(target, 2 - power) / ((1 - power) * (2 - power)) - target * Math.Pow(mean, 1 - power) / (1 - power) + Math.Pow(mean, 2 - power) / (2 - power);

    private static double Huber(double error, double delta) => error <= delta ? error * error / 2 : delta * (error - delta / 2);

    private static double CrammerSinger(double[] z, int right) => Math.Max(0, 1 + z.Where((_, j) => j != right).Max() - z[right]);

    private static IEnumerable<double> Smooth(double[] target, double share, int classes) => target.Select(t => t * (1 - share) + share / classes);

    private static IEnumerable<double> Probabilities(double[] output, bool isLink) => isLink ? output : output.Select(Sigmoid);

    private static IEnumerable<double> Means(double[] output, bool isLink) => isLink ? output : output.Select(Math.Exp);

    private static IEnumerable<double> Scores(double[] output, bool isLink) => isLink ? output.Select(p => Math.Log(p / (1 - p))) : output;

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    private static double[] Softmax(double[] z)
    {
        var sum = z.Sum(Math.Exp);
        return [.. z.Select(x => Math.Exp(x) / sum)];
    }

    /// <summary>erf(x) = 2/sqrt(pi) e^-x² * sum over n of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1)): all terms have one sign, so nothing cancels.</summary>
    private static double ErrorFunction(double x)
    {
        var term = x;
        var sum = x;
        for (var n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
