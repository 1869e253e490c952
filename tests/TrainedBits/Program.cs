// Usage: TrainedBits WIDTH THREADS...: trains some networks on each number of threads and prints a hash of the bits of their weights.
// WIDTH is the width in bits of the widest vectors that the processor is expected to have here (0 for none), so that nobody compares
// with switches that did not take.

using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;

var width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
if (width.ToString(CultureInfo.InvariantCulture) != args[0])
{
    Console.Error.WriteLine($"The widest vectors have {width} bits, expected {args[0]}.");
    return 1;
}

foreach (var threads in args.Skip(1).Select(int.Parse))
{
    Print("tiny classifier", threads, 4, [new DenseLayer(16, Activation.ReLU), new DenseLayer(16, Activation.ReLU), new DenseLayer(3, Activation.Softmax)],
        rows: 150, new TrainingOptions { Optimizer = new StochasticGradientDescent(), LearningRate = 0.1f, BatchSize = 16, NumberOfEpochs = 5 });
    Print("table regression", threads, 14, [new DenseLayer(64, Activation.ReLU), new DenseLayer(32, Activation.ReLU), new DenseLayer(1)],
        rows: 300, new TrainingOptions { Optimizer = new Adam(), WeightDecay = 0.01f, BatchSize = 32, NumberOfEpochs = 2 });
    Print("images with dropout", threads, 784,
        [new DenseLayer(128, Activation.ReLU), new DropoutLayer(0.5f), new DenseLayer(64, Activation.ReLU), new DropoutLayer(0.5f), new DenseLayer(10, Activation.Softmax)],
        rows: 100, new TrainingOptions { Optimizer = new StochasticGradientDescent(0.9f, nesterov: true), BatchSize = 64, NumberOfEpochs = 2 });
    Print("textbook", threads, 100, [new DenseLayer(40, Activation.Sigmoid), new DenseLayer(10, Activation.Sigmoid)],
        rows: 100, new TrainingOptions { Loss = new MeanSquaredError(), Optimizer = new StochasticGradientDescent(0.9f), LearningRate = 1, BatchSize = 10, NumberOfEpochs = 3 });
    Print("every activation", threads, 9,
        [
            new DenseLayer(21, Activation.Tanh), new DenseLayer(20, Activation.Sigmoid), new DenseLayer(19, Activation.LeakyReLU()), new DenseLayer(18, Activation.GELU),
            new DenseLayer(17, Activation.SiLU), new DenseLayer(11, Activation.Softmax), new DenseLayer(7), new DenseLayer(2, Activation.Sigmoid),
        ],
        rows: 130, new TrainingOptions { Optimizer = new Adam(), LearningRate = 0.01f, NumberOfEpochs = 5 });
    Layer[] plain = [new DenseLayer(70, Activation.ReLU), new DenseLayer(3, Activation.Softmax)];
    Print("AdamW, warm-up and cosine, clipping by norm", threads, 300, plain, rows: 130, new TrainingOptions
    {
        Optimizer = new AdamW(),
        LearningRateSchedule = new WarmUpSchedule(1, new CosineSchedule()),
        GradientNormLimit = 0.1f,
        NumberOfEpochs = 4,
    });
    Print("RMSProp, polynomial, clipping by value", threads, 9, plain, rows: 130, new TrainingOptions
    {
        Optimizer = new RMSProp(momentum: 0.5f),
        LearningRateSchedule = new PolynomialSchedule(power: 0.9f),
        GradientValueLimit = 0.01f,
        NumberOfEpochs = 4,
    });
    Print("sparse rows, AdamW, clipping by norm", threads, 5000, [new DenseLayer(70, Activation.ReLU), new DenseLayer(3, Activation.Softmax)], rows: 130, storedPerRow: 100,
        options: new TrainingOptions { Optimizer = new AdamW(), GradientNormLimit = 0.1f, NumberOfEpochs = 3 });
    Print("sparse rows, standardized, momentum", threads, 3000, [new StandardizationLayer(0.9f), new DenseLayer(20, Activation.Tanh), new DenseLayer(1)], rows: 130, storedPerRow: 150,
        options: new TrainingOptions { Optimizer = new StochasticGradientDescent(0.9f), WeightDecay = 0.01f, NumberOfEpochs = 3 });
    Print("AdaGrad, one cycle", threads, 9, plain, rows: 130, new TrainingOptions { Optimizer = new AdaGrad(), LearningRateSchedule = new OneCycleSchedule(), NumberOfEpochs = 4 });
    Print("Muon", threads, 120, [new DenseLayer(200, Activation.ReLU), new DenseLayer(70, Activation.Tanh), new DenseLayer(3, Activation.Softmax)], rows: 130,
        options: new TrainingOptions { Optimizer = new Muon(), WeightDecay = 0.1f, NumberOfEpochs = 2 });
    Print("ensemble, AdamW", threads, 30,
        [new EnsembleLayer(3, [new DenseLayer(120, Activation.GELU), new DropoutLayer(0.2f), new DenseLayer(60, Activation.ReLU), new DenseLayer(5, Activation.Softmax)])],
        rows: 200, new TrainingOptions { Optimizer = new AdamW(), BatchSize = 50, NumberOfEpochs = 2 });
    Print("images turned, zoomed and noisy", threads, 9 * 11 * 2, plain, rows: 130, new TrainingOptions
    {
        Augmentation = new ImageAugmentation(9, 11, channels: 2, shift: 1, rotation: 30, zoom: 0.2f, flipHorizontally: true, brightness: 0.3f, noise: 0.2f),
        NumberOfEpochs = 3,
    });
    Print("mixup and noise", threads, 40, plain, rows: 130, new TrainingOptions { Augmentation = new TableAugmentation(noise: 0.1f, mixup: 0.3f), NumberOfEpochs = 3 });
    Print("recurrent layers over sequences", threads, new Shape(9, 5),
        [
            new RecurrentLayer(21, returnSequences: true), new BidirectionalLayer(new LstmLayer(37, returnSequences: true, dropoutRate: 0.2f)), new GruLayer(40, returnSequences: true), new LstmLayer(33),
            new DenseLayer(3, Activation.Softmax),
        ],
        rows: 100, new TrainingOptions { Optimizer = new Adam(), BatchSize = 45, NumberOfEpochs = 2 });
    Print("convolutions over images", threads, new Shape(13, 11, 3),
        [
            new ConvolutionLayer(37, 3, padding: Padding.Same, activation: Activation.ReLU), new MaxPoolingLayer(2), new ConvolutionLayer(20, new SpatialSize(3, 2), stride: 2, activation: Activation.GELU),
            new DenseLayer(9, Activation.Tanh), new DenseLayer(3, Activation.Softmax),
        ],
        rows: 150, new TrainingOptions { Optimizer = new AdamW(), BatchSize = 40, NumberOfEpochs = 3 });
    Print("convolutions over images, Muon", threads, new Shape(9, 8, 5),
        [new ConvolutionLayer(37, 3, padding: Padding.Same, activation: Activation.ReLU), new ConvolutionLayer(70, 2, stride: 2, activation: Activation.Tanh), new DenseLayer(3, Activation.Softmax)],
        rows: 100, new TrainingOptions { Optimizer = new Muon(iterations: 3), WeightDecay = 0.1f, BatchSize = 40, NumberOfEpochs = 2 });
    Print("normalized, residual, depthwise", threads, new Shape(10, 10, 8),
        [
            new ConvolutionLayer(24, 3, padding: Padding.Same), new BatchNormalizationLayer(), new ActivationLayer(Activation.ReLU),
            new ResidualLayer([new ConvolutionLayer(24, 3, padding: Padding.Same, groups: 24), new LayerNormalizationLayer(), new ConvolutionLayer(40, 1, stride: 2, activation: Activation.SiLU)]),
            new ConvolutionLayer(18, 3, padding: Padding.Same, dilation: 2, groups: 2), new AveragePoolingLayer(3, 2), new GlobalMaxPoolingLayer(), new DenseLayer(3, Activation.Softmax),
        ],
        rows: 150, new TrainingOptions { Optimizer = new StochasticGradientDescent(0.9f), LearningRate = 0.05f, BatchSize = 40, NumberOfEpochs = 3 });
    Print("embedded words, reshaped", threads, new Shape(9),
        [
            new EmbeddingLayer(50, 12), new ConvolutionLayer(17, 3, padding: Padding.Same, activation: Activation.ReLU), new ReshapeLayer(new Shape(3, 51)), new GruLayer(20), new DenseLayer(3, Activation.Softmax),
        ],
        rows: 150, new TrainingOptions { Optimizer = new Adam(), LearningRate = 0.01f, BatchSize = 40, NumberOfEpochs = 3 });
    Print("reshaped words, embedded", threads, 12, [new ReshapeLayer(new Shape(12, 1)), new EmbeddingLayer(7, 33), new ReshapeLayer(new Shape(4, 3, 33)), new GlobalAveragePoolingLayer(), new DenseLayer(1)],
        rows: 120, new TrainingOptions { Optimizer = new StochasticGradientDescent(0.9f), WeightDecay = 0.01f, BatchSize = 50, NumberOfEpochs = 3 });
    Print("functions of numbers", threads, 50,
        [new StandardizationLayer(), new EnsembleLayer(2, [new NumericEmbeddingLayer(5, 16), new DenseLayer(40, Activation.SiLU), new DenseLayer(3, Activation.Softmax)])],
        rows: 300, new TrainingOptions { Optimizer = new AdamW(), BatchSize = 100, NumberOfEpochs = 3 });
    Print("functions of scaled numbers", threads, 50,
        [new StandardizationLayer(), new EnsembleLayer(2, [new NumericEmbeddingLayer(7, 16, [.. Enumerable.Range(0, 50).Where(column => column % 7 != 3)], scaleRate: 6), new DenseLayer(40, Activation.SiLU), new DenseLayer(3, Activation.Softmax)])],
        rows: 300, new TrainingOptions { Optimizer = new AdamW(), BatchSize = 100, NumberOfEpochs = 3 });
    Print("principal components", threads, 50,
        [new StandardizationLayer(10), new PrincipalComponentsLayer(20, [.. Enumerable.Range(0, 40)], limit: 10), new EnsembleLayer(2, [new NumericEmbeddingLayer(5, 16, [.. Enumerable.Range(0, 70)], scaleRate: 6), new DenseLayer(40, Activation.SiLU), new DenseLayer(3, Activation.Softmax)])],
        rows: 300, new TrainingOptions { Optimizer = new AdamW(), BatchSize = 100, NumberOfEpochs = 3 });
    Print("numbers beside words", threads, 3000,
        [new StandardizationLayer(), new EnsembleLayer(2, [new WideAndDeepLayer([0, 1, .. Enumerable.Range(0, 40).Select(i => 250 + 7 * i)], [new NumericEmbeddingLayer(5, 16, scaleRate: 6), new DenseLayer(40)]), new ActivationLayer(Activation.SiLU), new DenseLayer(3, Activation.Softmax)])],
        rows: 300, new TrainingOptions { Optimizer = new AdamW(), BatchSize = 100, NumberOfEpochs = 3 }, storedPerRow: 12, alwaysStored: 2);
}

return 0;

static void Print(string name, int threads, Shape input, Layer[] layers, int rows, TrainingOptions options, int storedPerRow = 0, int alwaysStored = 0)
{
    var network = Network.Create(input, layers, seed: 7);
    var inputs = input.Size;
    options.Seed = 7;
    options.NumberOfThreads = threads;
    var random = new Random(7);
    var isSparse = storedPerRow > 0;
    var perRow = isSparse ? storedPerRow : inputs;
    var features = Enumerable.Range(0, rows * perRow).Select(_ => random.NextSingle() * 2 - 1).ToArray();
    // Words have numbers below that of all words.
    if (layers.OfType<EmbeddingLayer>().SingleOrDefault() is { } embedding)
        features = [.. features.Select(value => MathF.Floor((value + 1) / 2 * embedding.Vocabulary))];
    var outputs = network.OutputShape.Size;
    var targets = Enumerable.Range(0, rows).Select(row => features[row * perRow] - features[row * perRow + 1]).ToArray();
    var classes = Enumerable.Range(0, rows).Select(_ => random.Next(outputs)).ToArray();
    // In each row the first columns, and every so-manieth one, from another one on.
    var sparse = !isSparse ? null : new SparseFeatures(
        inputs, features, Enumerable.Range(0, rows * perRow).Select(i => i % perRow < alwaysStored ? i % perRow : (i / perRow * 7 % (inputs / perRow)) + i % perRow * (inputs / perRow)).ToArray(),
        Enumerable.Range(0, rows + 1).Select(row => row * perRow).ToArray());
    var data = (sparse, outputs) switch
    {
        (null, 1) => Dataset.FromTargets(inputs, 1, features, targets),
        (null, _) => Dataset.FromClasses(inputs, outputs, features, classes),
        (_, 1) => Dataset.FromTargets(sparse, 1, targets, default),
        _ => Dataset.FromClasses(sparse, outputs, classes, default),
    };
    var trainer = new NetworkTrainer(network, options);
    if (layers is [StandardizationLayer, .., EnsembleLayer])
        trainer.Standardize(data);
    trainer.Train(data);

    using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    foreach (var parameter in network.Parameters)
        hash.AppendData(MemoryMarshal.AsBytes(parameter.ToArray()));
    Console.WriteLine($"{name}: {Convert.ToHexStringLower(hash.GetHashAndReset())}");
}
