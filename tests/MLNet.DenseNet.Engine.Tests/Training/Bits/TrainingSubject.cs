namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>A small training. Each subject applies gradients in another way, or has another kind of rows.</summary>
/// <param name="Shape">The shape of a row.</param>
/// <param name="Layers">Of the network.</param>
/// <param name="Rows">How many.</param>
/// <param name="IsSparse">Whether rows are stored sparsely.</param>
/// <param name="IsGrouped">Whether rows are in groups of different sizes, whose rows are no neighbours.</param>
/// <param name="Change">Makes the options those of this subject.</param>
internal sealed record TrainingSubject(Shape Shape, Layer[] Layers, int Rows, bool IsSparse = false, bool IsGrouped = false, Action<TrainingOptions>? Change = null)
{
    /// <summary>The fewest values of a parameter that is changed while its gradient is computed.</summary>
    private const int Large = 32_768;

    private static readonly Layer[] Wide = [new DenseLayer(180, Activation.ReLU), new DenseLayer(2)];

    public static IReadOnlyDictionary<string, TrainingSubject> All { get; } = new Dictionary<string, TrainingSubject>
    {
        ["small"] = new(5, [new DenseLayer(6, Activation.Tanh), new DropoutLayer(0.3f), new DenseLayer(2)], Rows: 10),
        ["large weights"] = new(200, [new DenseLayer(180, Activation.ReLU), new DropoutLayer(0.2f), new DenseLayer(2)], Rows: 30),
        ["columns that fill no panel, a batch over several blocks"] = new(
            150, [new DenseLayer(250, Activation.Tanh), new DropoutLayer(0.1f), new DenseLayer(1030, Activation.GELU), new DenseLayer(40, Activation.ReLU), new DenseLayer(2)],
            Rows: 300, Change: o => (o.BatchSize, o.NumberOfEpochs) = (280, 1)),
        ["a batch past the limit of the fused step"] = new(200, Wide, Rows: 1100, Change: o => (o.BatchSize, o.NumberOfEpochs) = (1050, 2)),
        ["bias of 32,767"] = new(1, [new DenseLayer(Large - 1)], Rows: 5),
        ["bias of 32,768"] = new(1, [new DenseLayer(Large)], Rows: 5),
        ["hidden bias of 33,000"] = new(2, [new DenseLayer(3, Activation.Tanh), new DenseLayer(33_000, Activation.ReLU), new DenseLayer(2)], Rows: 5),
        ["residual"] = new(
            new Shape(6, 5, 3),
            [
                new ConvolutionLayer(8, 3, padding: Padding.Same, activation: Activation.ReLU),
                new ResidualLayer([new ConvolutionLayer(12, 3, stride: 2, padding: Padding.Same, activation: Activation.SiLU), new DropoutLayer(0.2f), new ConvolutionLayer(16, 3, padding: Padding.Same)]),
                new ResidualLayer([new DenseLayer(250, Activation.Tanh)]),
                new ResidualLayer([new ResidualLayer([new DenseLayer(250)]), new DropoutLayer(0.1f)]), new DenseLayer(2),
            ], Rows: 20),
        ["sparse"] = new(1000, [new DenseLayer(40, Activation.ReLU), new DenseLayer(2)], Rows: 30, IsSparse: true),
        ["wide and deep"] = new(1000, [new WideAndDeepLayer([.. Enumerable.Range(0, 100).Select(i => 9 * i)], [new NumericEmbeddingLayer(4, scaleRate: 2), new DenseLayer(40, Activation.ReLU)]), new DenseLayer(2)], Rows: 30),
        ["wide and deep, sparse"] = new(1000, [new WideAndDeepLayer([.. Enumerable.Range(0, 100).Select(i => 9 * i)], [new NumericEmbeddingLayer(4, scaleRate: 2), new DenseLayer(40, Activation.ReLU)]), new DenseLayer(2)], Rows: 30, IsSparse: true),
        ["principal components"] = new(90, [new PrincipalComponentsLayer(40), new DenseLayer(40, Activation.ReLU), new DenseLayer(2)], Rows: 30),
        ["sparse, standardized"] = new(1000, [new StandardizationLayer(), new DenseLayer(40, Activation.ReLU), new DenseLayer(2)], Rows: 30, IsSparse: true),
        ["sparse, bias of 32,768"] = new(6, [new DenseLayer(Large, Activation.ReLU), new DenseLayer(2)], Rows: 10, IsSparse: true),
        ["ensemble"] = new(9, [new EnsembleLayer(3, [new DenseLayer(8, Activation.GELU), new DropoutLayer(0.2f), new DenseLayer(2)])], Rows: 20, Change: o =>
            (o.ValidationFraction, o.RestoreBestWeights) = (0.2f, true)),
        ["ensemble, large weights"] = new(200, [new EnsembleLayer(3, [new DenseLayer(180, Activation.GELU), new DenseLayer(2)])], Rows: 20),
        ["ensemble, bias of 32,768"] = new(2, [new EnsembleLayer(3, [new DenseLayer(3, Activation.ReLU), new DenseLayer(Large)])], Rows: 5),
        ["ensemble, sparse"] = new(1000, [new EnsembleLayer(2, [new DenseLayer(40, Activation.ReLU), new DenseLayer(2)])], Rows: 20, IsSparse: true),
        ["gradients limited"] = new(200, Wide, Rows: 20, Change: o => (o.GradientNormLimit, o.GradientValueLimit) = (0.1f, 0.01f)),
        ["convolutions"] = new(
            new Shape(9, 8, 3), [new ConvolutionLayer(40, 3, padding: Padding.Same, activation: Activation.GELU), new ConvolutionLayer(6, 3, stride: 2, groups: 2, activation: Activation.ReLU), new DenseLayer(2)],
            Rows: 50, Change: o => (o.BatchSize, o.NumberOfEpochs) = (20, 2)),
        ["normalizations"] = new(
            new Shape(9, 8, 5), [new BatchNormalizationLayer(), new ConvolutionLayer(20, 3), new BatchNormalizationLayer(0.5f), new ActivationLayer(Activation.ReLU), new LayerNormalizationLayer(), new DenseLayer(2)],
            Rows: 50, Change: o => (o.BatchSize, o.NumberOfEpochs, o.ValidationFraction, o.RestoreBestWeights) = (7, 2, 0.2f, true)),
        ["numeric embedding"] = new(200, [new NumericEmbeddingLayer(4), new DenseLayer(2)], Rows: 20),
        ["numeric embedding, scaled"] = new(200, [new NumericEmbeddingLayer(5, columns: [.. Enumerable.Range(0, 200).Where(column => column % 5 != 3)], scaleRate: 6), new DenseLayer(2)], Rows: 20, Change: o => o.BatchSize = 20),
        ["embedding"] = new(5, [new EmbeddingLayer(4, 40), new GlobalAveragePoolingLayer(), new DenseLayer(2)], Rows: 20),
        ["embedding of a large vocabulary"] = new(5, [new EmbeddingLayer(3000, 40), new DenseLayer(2)], Rows: 20),
        ["ensemble, normalized"] = new(
            9, [new EnsembleLayer(3, [new DenseLayer(8), new BatchNormalizationLayer(), new ActivationLayer(Activation.GELU), new DenseLayer(2)])], Rows: 21),
        ["pooling, an activation by itself"] = new(
            new Shape(9, 8, 5), [new MaxPoolingLayer(2, padding: Padding.Same), new DenseLayer(60), new ReshapeLayer(new Shape(4, 3, 5)), new ActivationLayer(Activation.SiLU), new AveragePoolingLayer(2, 1), new GlobalMaxPoolingLayer(), new DenseLayer(2)],
            Rows: 50, Change: o => (o.BatchSize, o.NumberOfEpochs) = (20, 2)),
        ["dropout and losses of many values"] = new(
            60, [new DenseLayer(190), new DropoutLayer(0.3f), new DenseLayer(250)], Rows: 80, Change: o => (o.BatchSize, o.NumberOfEpochs, o.ValidationFraction, o.RestoreBestWeights) = (60, 2, 0.2f, true)),
        ["noise and mixup"] = new(200, Wide, Rows: 20, Change: o => o.Augmentation = new TableAugmentation(noise: 0.1f, mixup: 0.2f)),
        ["images turned"] = new(9 * 5, [new DenseLayer(8, Activation.ReLU), new DenseLayer(2)], Rows: 20, Change: o => o.Augmentation = new ImageAugmentation(9, 5, rotation: 20)),
        // Batches large enough that threads share their rows in all steps.
        ["sequences"] = new(
            new Shape(12, 5), [new RecurrentLayer(33, returnSequences: true), new BidirectionalLayer(new LstmLayer(40, returnSequences: true, dropoutRate: 0.2f)), new GruLayer(40), new DenseLayer(2)],
            Rows: 60, Change: o => o.BatchSize = 40),
        ["long sequences, large weights"] = new(new Shape(90, 3), [new LstmLayer(100), new DenseLayer(2)], Rows: 40, Change: o => (o.BatchSize, o.NumberOfEpochs) = (32, 1)),
        ["images with channels last, shifted and turned"] = new(
            new Shape(5, 9, 3), [new DenseLayer(8, Activation.ReLU), new DenseLayer(2)], Rows: 20, Change: o => o.Augmentation = new ImageAugmentation(shift: 1, rotation: 20, noise: 0.1f)),
        ["groups"] = new(200, [new DenseLayer(180, Activation.ReLU), new DenseLayer(1)], Rows: 60, IsGrouped: true, Change: o => (o.Loss, o.BatchSize) = (new ListNetLoss(), 16)),
        ["ensemble, groups"] = new(
            9, [new EnsembleLayer(3, [new DenseLayer(8, Activation.GELU), new DenseLayer(1)])], Rows: 60, IsGrouped: true, Change: o =>
            (o.Loss, o.BatchSize, o.ValidationFraction, o.RestoreBestWeights) = (new ListNetLoss(), 16, 0.3f, true)),
        ["validated, stopped early"] = new(200, Wide, Rows: 20, Change: o =>
            (o.ValidationFraction, o.EarlyStopping, o.LearningRate, o.LearningRateSchedule) = (0.3f, new EarlyStopping(patience: 1), 0.3f, new PlateauSchedule(0.5f, patience: 0))),
    };

    /// <summary>Of the plainest training: one thread, and nothing told or kept.</summary>
    public TrainingOutcome Outcome => field ??= Train(_ => { });

    /// <summary>Whether its training is nothing but one step after another.</summary>
    public bool IsOfStepsAlone => !IsGrouped && Options() is { Augmentation: null, ValidationFraction: 0 };

    private int Inputs => Shape.Size;

    private float[] Features => IsSparse ? SparseSamples.Rows(Rows, Inputs, Inputs < 10 ? 0.4 : 0.05, seed: 1) : Samples.WholeNumbersWhereNeeded(Layers[0], Samples.Numbers(Rows * Inputs, seed: 1));

    private float[] Targets => Samples.Numbers(Rows * NewNetwork().OutputShape.Size, seed: 2);

    /// <param name="change">Changes the options of the plainest training.</param>
    public TrainingOutcome Train(Action<TrainingOptions> change)
    {
        var options = Options();
        change(options);
        var network = NewNetwork();
        var history = new NetworkTrainer(network, options).Train(Data());
        return new TrainingOutcome(Samples.ParameterBits(network), [.. history.Select(epoch => (epoch.Loss, epoch.ValidationLoss))]);
    }

    /// <summary>Steps of one epoch that have all gradients before the first parameter changes.</summary>
    /// <param name="change">Changes the options of the plainest training.</param>
    /// <returns>The bits of the parameters.</returns>
    public int[] TakeSteps(Action<TrainingOptions> change)
    {
        var options = Options();
        change(options);
        var network = NewNetwork();
        var trainer = new NetworkTrainer(network, options);
        var (features, targets, outputs, size) = (Features, Targets, network.OutputShape.Size, options.BatchSize!.Value);
        for (var first = 0; first < Rows; first += size)
        {
            var end = Math.Min(Rows, first + size);
            var (batch, expected) = (features[(first * Inputs)..(end * Inputs)], targets[(first * outputs)..(end * outputs)]);
            if (IsSparse)
                SparseSamples.Store(batch, Inputs).Use(rows => trainer.ComputeGradientOf(rows, expected, []));
            else
                trainer.ComputeGradient(batch, expected);
            trainer.Step();
        }

        return Samples.ParameterBits(network);
    }

    private Network NewNetwork() => Network.Create(Shape, Layers, seed: 3);

    private TrainingOptions Options()
    {
        var options = new TrainingOptions { Optimizer = new AdamW(), Seed = 4, BatchSize = 4, NumberOfEpochs = 3, WeightDecay = 0.1f, LearningRate = 0.01f, NumberOfThreads = 1 };
        Change?.Invoke(options);
        return options;
    }

    private Dataset Data()
    {
        var outputs = NewNetwork().OutputShape.Size;
        var data = IsSparse
            ? Dataset.FromTargets(SparseSamples.Store(Features, Inputs), outputs, Targets, default)
            : Dataset.FromTargets(Inputs, outputs, Features, Targets);
        return IsGrouped ? data.WithGroups([.. Enumerable.Range(0, Rows).Select(row => row * row % 11)]) : data;
    }
}
