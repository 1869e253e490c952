using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Tests;

/// <summary>What many tests need: every kind of what a training is made of, by name; repeatable numbers; and parameters as bits.</summary>
internal static class Samples
{
    public static IReadOnlyDictionary<string, Activation> Activations { get; } = new Activation[]
    {
        Activation.Identity, Activation.Sigmoid, Activation.Tanh, Activation.ReLU,
        Activation.LeakyReLU(0.2f), Activation.GELU, Activation.SiLU, Activation.Softmax, Activation.Exponential,
    }.ToDictionary(activation => activation.Name);

    public static IReadOnlyDictionary<string, Loss> Losses { get; } = ByName<Loss>(
    [
        new MeanSquaredError(), new MeanAbsoluteError(), new HuberLoss(0.4f), new HingeLoss(), new MulticlassHingeLoss(),
        new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy(labelSmoothing: 0.2f), new BinaryCrossEntropy(), new BinaryCrossEntropy(labelSmoothing: 0.2f),
        new QuantileLoss(0.3f), new MultiQuantileLoss(0.1f, 0.3f, 0.6f, 0.9f), new PoissonLoss(), new GammaLoss(), new TweedieLoss(), new TweedieLoss(1.1f), new ListNetLoss(),
    ]);

    public static IReadOnlyDictionary<string, Optimizer> Optimizers { get; } = ByName<Optimizer>(
    [
        new StochasticGradientDescent(), new StochasticGradientDescent(0.9f), new StochasticGradientDescent(0.9f, nesterov: true),
        new Adam(), new AdamW(), new RMSProp(), new RMSProp(momentum: 0.5f), new AdaGrad(), new Muon(),
    ]);

    public static IReadOnlyDictionary<string, LearningRateSchedule> Schedules { get; } = ByName<LearningRateSchedule>(
    [
        new ConstantSchedule(), new StepSchedule(2, 0.5f), new ExponentialSchedule(0.9f), new PolynomialSchedule(), new CosineSchedule(),
        new CosineSchedule(cycleEpochs: 2), new OneCycleSchedule(), new PlateauSchedule(0.5f, patience: 0), new WarmUpSchedule(1.5f, new CosineSchedule()),
    ]);

    /// <summary>Every kind of layer, with a shape that it takes. An ensemble has its own tests.</summary>
    public static IReadOnlyDictionary<string, (Layer Layer, Shape Input)> Layers { get; } = new (Layer Layer, Shape Input)[]
    {
        (new DenseLayer(5, Activation.Tanh), new(3, 4)),
        (new DropoutLayer(0.3f), 40),
        (new StandardizationLayer(2), 7),
        (new ConvolutionLayer(5, 3, padding: Padding.Same, activation: Activation.ReLU), new(6, 7, 3)),
        (new ConvolutionLayer(4, 2, stride: 2, groups: 2, activation: Activation.GELU), new(9, 2)),
        (new MaxPoolingLayer(2), new(5, 4, 3)),
        (new MaxPoolingLayer(3, 2, Padding.Same), new(5, 6, 33)),
        (new AveragePoolingLayer(new SpatialSize(3, 2), 1), new(4, 5, 1)),
        (new AveragePoolingLayer(2, 3, Padding.Same), new(7, 3)),
        (new GlobalMaxPoolingLayer(), new(4, 3, 5)),
        (new GlobalAveragePoolingLayer(), new(6, 3)),
        (new RecurrentLayer(5), new(4, 3)),
        (new RecurrentLayer(4, Activation.ReLU, returnSequences: true, dropoutRate: 0.3f), new(3, 2)),
        (new LstmLayer(9), new(5, 3)),
        (new LstmLayer(3, returnSequences: true, dropoutRate: 0.2f), new(4, 33)),
        (new GruLayer(9), new(5, 3)),
        (new GruLayer(3, returnSequences: true, dropoutRate: 0.2f), new(4, 33)),
        (new BidirectionalLayer(new LstmLayer(5)), new(4, 3)),
        (new BidirectionalLayer(new GruLayer(3, returnSequences: true, dropoutRate: 0.2f)), new(4, 3)),
        (new BatchNormalizationLayer(), new(4, 3, 5)),
        (new BatchNormalizationLayer(0.5f, 0.01f), 33),
        (new LayerNormalizationLayer(), new(3, 17)),
        (new LayerNormalizationLayer(0.01f), new(2, 2, 3)),
        (new ActivationLayer(Activation.GELU), new(3, 5, 3)),
        (new ActivationLayer(Activation.Softmax), new(4, 33)),
        (new ReshapeLayer(new Shape(2, 3, 2)), new(4, 3)),
        (new EmbeddingLayer(4, 3), 5),
        (new EmbeddingLayer(7, 33), new(3, 1)),
        (new NumericEmbeddingLayer(3, 8), 5),
        (new MissingValueLayer([1, 4]), 5),
        (new PrincipalComponentsLayer(4), 7),
        (new PrincipalComponentsLayer(35, [0, 2, 3], limit: 2), 19),
        (new PrincipalComponentsLayer(3, keepsInputs: false), 33),
        (new WideAndDeepLayer([1, 4, 6], [new NumericEmbeddingLayer(2, 5, scaleRate: 1), new DenseLayer(8, Activation.Tanh), new DropoutLayer(0.2f), new DenseLayer(5)]), 9),
        (new NumericEmbeddingLayer(32, 3, [0, 2, 6]), 7),
        (new NumericEmbeddingLayer(6, 9, scaleRate: 2), 19),
        (new NumericEmbeddingLayer(5, 4, [0, 2, 6], scaleRate: 6), 7),
        (new ResidualLayer([new DenseLayer(6, Activation.Tanh), new DropoutLayer(0.2f), new DenseLayer(9)]), 9),
        (new ResidualLayer([new ConvolutionLayer(3, 3, stride: 2, padding: Padding.Same), new BatchNormalizationLayer(), new ResidualLayer([new ActivationLayer(Activation.ReLU)])]), new(5, 6, 2)),
        (new ResidualLayer([new LstmLayer(4, returnSequences: true)]), new(5, 3)),
        (new ResidualLayer([new ResidualLayer([new DenseLayer(12, Activation.GELU)]), new DenseLayer(7)]), new(3, 4)),
    }.ToDictionary(sample => sample.Layer.ToString()!);

    /// <summary>Uniform over [-1, 1).</summary>
    public static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }

    /// <summary>Small whole numbers for a layer that looks something up by them.</summary>
    public static float[] WholeNumbersWhereNeeded(Layer layer, float[] values) => layer is EmbeddingLayer ? [.. values.Select(value => MathF.Floor(2 * (value + 1)))] : values;

    public static int[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    public static int[] ParameterBits(Network network) => [.. network.Parameters.SelectMany(p => Bits(p.ToArray()))];

    public static void CopyParameters(Network from, Network to)
    {
        foreach (var (source, destination) in from.Parameters.Zip(to.Parameters))
            to.SetParameter(destination, source.ToArray());
    }

    private static Dictionary<string, T> ByName<T>(T[] kinds) where T : class => kinds.ToDictionary(kind => kind.ToString()!);
}
