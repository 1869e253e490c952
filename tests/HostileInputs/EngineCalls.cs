using System.Numerics;
using CsCheck;
using MLNet.DenseNet;
using MLNet.DenseNet.Engine;

namespace HostileInputs;

/// <summary>The engine by itself.</summary>
internal static class EngineCalls
{
    private const int Inputs = 300;

    private static readonly Gen<int> AnyInt = Gen.OneOf(Gen.Int[-3, 12], Gen.Const(int.MinValue), Gen.Const(int.MaxValue), Gen.Const(Inputs), Gen.Const(1 << 20), Gen.Int);

    private static Network NewNetwork(bool isEnsemble, int outputs = 3)
    {
        Layer[] layers = [new DenseLayer(20, Activation.SiLU), new DropoutLayer(0.5f), new DenseLayer(outputs, outputs == 1 ? Activation.Identity : Activation.Softmax)];
        return Network.Create(Inputs, isEnsemble ? [new StandardizationLayer(), new EnsembleLayer(3, layers)] : layers, seed: 1);
    }

    public static void DenseRows(int samples)
    {
        foreach (var network in (Network[])[NewNetwork(false), NewNetwork(true)])
        {
            using var workspace = network.CreateWorkspace(4, threads: 2);
            Gen.Int[0, 7 * Inputs].Sample(
                length =>
                {
                    var rows = new float[length];
                    if (length % Inputs != 0)
                    {
                        Expect.Refusal(() => network.Predict(rows), $"{length}", $"{Inputs}");
                        Expect.Refusal(() => _ = network.Forward(rows, workspace).Length, $"{length}", $"{Inputs}");
                    }
                    else if (length / Inputs is < 1 or > 4)
                    {
                        Expect.Refusal(() => _ = network.Forward(rows, workspace).Length, "room for 1 to 4 rows");
                    }
                    else if (network.Forward(rows, workspace).Length != network.Predict(rows).Length)
                    {
                        throw new InvalidOperationException("Lengths differ.");
                    }
                },
                iter: samples, threads: 1);
        }
    }

    public static void SparseRows(int samples)
    {
        var networks = (Network[])[NewNetwork(false), NewNetwork(true)];
        Gen.Select(AnyInt.Array[0, 6], AnyInt.Array[0, 4], Gen.Int[0, 6], AnyInt).Sample(
            (columns, starts, values, inputs) => Expect.NoAccident(() =>
            {
                // Hardly ever right, so most of it is refused; what is not is used.
                var rows = new SparseFeatures(inputs, new float[values], columns, starts);
                foreach (var network in networks)
                    Expect.NoAccident(() => network.Predict(rows));
            }),
            iter: 10 * samples, threads: 1);
    }

    public static void ArraysThatChange(int samples)
    {
        var networks = (Network[])[NewNetwork(false), NewNetwork(true)];
        Gen.Select(AnyInt, AnyInt, Gen.Float, Gen.Int[0, 1]).Sample(
            (column, start, value, which) =>
            {
                var network = networks[which];
                int[] columns = [3, 40, 7, 299], starts = [0, 2, 4], classes = [0, 2];
                float[] values = [1, 2, 3, 4], weights = [1, 2];
                var rows = new SparseFeatures(Inputs, values, columns, starts);
                var data = Dataset.FromClasses(rows, 3, classes, weights);
                Array.Fill(columns, column);
                Array.Fill(starts, start);
                Array.Fill(values, value);
                Array.Fill(weights, value);
                classes[1] = column;
                if (network.Predict(rows).Length != 6)
                    throw new InvalidOperationException("Other rows than there were.");
                Expect.NoAccident(() => new NetworkTrainer(network, new TrainingOptions { NumberOfEpochs = 1, ClassWeights = ClassWeights.Balanced }).Train(data));
                float[] dense = new float[2 * Inputs], targets = new float[6];
                var numbers = Dataset.FromTargets(Inputs, 3, dense, targets);
                Array.Fill(dense, value);
                Array.Fill(targets, value);
                Expect.NoAccident(() => new NetworkTrainer(network, new TrainingOptions { NumberOfEpochs = 1 }).Train(numbers));
            },
            iter: samples, threads: 1);
    }

    public static void DataSets(int samples) => Gen.Select(AnyInt, Gen.Int[0, 12], AnyInt.Array[0, 4], Gen.Float.Array[0, 5], AnyInt).Sample(
        (inputs, features, classes, weights, count) =>
        {
            Expect.NoAccident(() => Train(Dataset.FromClasses(inputs, count, new float[features], classes, weights)));
            Expect.NoAccident(() => Train(Dataset.FromTargets(inputs, count, new float[features], weights, weights)));

            void Train(Dataset data)
            {
                var outputs = data.IsClassification ? data.ClassCount : count;
                if ((long)outputs * data.Inputs < 10_000)
                    new NetworkTrainer(Network.Create(data.Inputs, [new DenseLayer(outputs, Activation.Sigmoid)], seed: 1), new TrainingOptions { NumberOfEpochs = 1 }).Train(data);
            }
        },
        iter: 10 * samples, threads: 1);

    public static void SingleSteps(int samples)
    {
        foreach (var isEnsemble in (bool[])[false, true])
        {
            var trainer = new NetworkTrainer(NewNetwork(isEnsemble), new TrainingOptions());
            Gen.Select(Gen.Int[0, 3 * Inputs], Gen.Int[0, 10], Gen.Int[0, 4]).Sample(
                (features, targets, weights) => Expect.NoAccident(() =>
                {
                    trainer.ComputeGradient(new float[features], new float[targets], new float[weights]);
                    if (features % Inputs != 0 || targets != features / Inputs * 3 || (weights != 0 && weights != features / Inputs))
                        Environment.FailFast("Lengths that do not fit were taken.");
                    trainer.Step();
                }),
                iter: samples, threads: 1);
        }
    }

    public static void Parameters(int samples)
    {
        var (network, other) = (NewNetwork(true), NewNetwork(false));
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, 7000], Gen.Float).Sample(
            (index, length, value) =>
            {
                var values = new float[length];
                Array.Fill(values, value);
                var parameter = network.Parameters[index % network.Parameters.Count];
                if (length != parameter.Shape.Size)
                    Expect.Refusal(() => network.SetParameter(parameter, values), $"{length}", $"{parameter.Shape.Size}");
                Expect.Refusal(() => other.SetParameter(parameter, new float[parameter.Shape.Size]), "another network");
                Expect.Refusal(() => new NetworkTrainer(other, new TrainingOptions()).Gradient(parameter), "another network");
            },
            iter: samples, threads: 1);
    }

    public static void CustomLosses(int samples) => Gen.Select(Gen.Bool, Gen.Float, Gen.Double).Sample(
        (callsBack, slope, loss) =>
        {
            var network = NewNetwork(isEnsemble: false);
            NetworkTrainer? trainer = null;
            var custom = new Writing(callsBack, slope, loss, () => trainer!.ComputeGradient(new float[9 * Inputs], new float[27]));
            trainer = new NetworkTrainer(network, new TrainingOptions { Loss = custom, NumberOfEpochs = 1 });
            Action train = () => trainer.Train(Dataset.FromClasses(Inputs, 3, new float[2 * Inputs], new int[2]));
            if (callsBack)
                Expect.Refusal(train, "at work already");
            else if (!float.IsFinite(slope) || !double.IsFinite(loss))
                Expect.Refusal(train, "must be finite");
            else
                Expect.NoAccident(train);
        },
        iter: samples, threads: 1);

    public static void Workspaces(int samples)
    {
        var networks = (Network[])[NewNetwork(false), NewNetwork(true), NewNetwork(false, outputs: 1), Network.Create(2 * Inputs, [new DenseLayer(1)], seed: 1)];
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3], AnyInt, AnyInt).Sample(
            (mine, others, rows, threads) =>
            {
                if (mine != others)
                    Expect.Refusal(() => _ = networks[mine].Forward(new float[networks[mine].InputShape.Size], networks[others].CreateWorkspace(1)).Length, "another network");
                Expect.Refusal(() => _ = networks[mine].Forward(new float[networks[mine].InputShape.Size], null!).Length, "workspace");
                // More than a few would only be many.
                if (rows is < 100 or > 1 << 28 && threads < 4)
                {
                    Expect.NoAccident(() =>
                    {
                        using var workspace = networks[mine].CreateWorkspace(rows, threads);
                        Expect.NoAccident(() => _ = workspace.Output(rows).Length);
                    });
                }
            },
            iter: samples, threads: 1);
    }

    /// <summary>Changed bytes behind a checksum that is right again.</summary>
    public static void SavedNetworks(int samples)
    {
        foreach (var small in (Network[])
        [
            Network.Create(3, [new DenseLayer(4, Activation.GELU), new DropoutLayer(0.1f), new DenseLayer(2)], seed: 1),
            Network.Create(3, [new StandardizationLayer(), new EnsembleLayer(2, [new DenseLayer(4, Activation.GELU), new DenseLayer(2, Activation.Softmax)])], seed: 1),
            Network.Create(new Shape(4, 3, 2), [new ResidualLayer([new ConvolutionLayer(3, 3, stride: 2, padding: Padding.Same), new ResidualLayer([new DropoutLayer(0.1f)])]), new DenseLayer(2)], seed: 1),
        ])
        {
            using var stream = new MemoryStream();
            small.Save(stream);
            var saved = stream.ToArray();
            Gen.Select(Gen.Int[0, 100], AnyInt, Gen.Int[1, 4]).Sample(
                (place, value, bytes) =>
                {
                    var changed = saved.ToArray();
                    BitConverter.GetBytes(value).AsSpan(0, bytes).CopyTo(changed.AsSpan(place % (saved.Length - 8)));
                    WriteChecksum(changed);
                    Expect.NoAccident(() =>
                    {
                        using var source = new MemoryStream(changed);
                        var loaded = Network.Load(source);
                        loaded.Predict(new float[loaded.InputShape.Size]);
                    });
                },
                iter: 20 * samples, threads: 1);
        }
    }

    public static void Sizes(int samples) => Gen.Select(AnyInt, AnyInt, AnyInt, Gen.Int[1, 20]).Sample(
        (inputs, units, members, dimensions) =>
        {
            Expect.NoAccident(() => _ = new Shape([.. Enumerable.Repeat(inputs, dimensions)]));
            // Real memory for billions of weights proves nothing here.
            if ((long)inputs * units is < 1_000_000 or > int.MaxValue)
            {
                Expect.NoAccident(() => Predict(Network.Create(inputs, [new DenseLayer(units, Activation.ReLU), new DenseLayer(1)], seed: 1)));
                Expect.NoAccident(() => Predict(Network.Create(inputs, [new EnsembleLayer(Math.Min(members, 101), [new DenseLayer(units, Activation.ReLU), new DenseLayer(1)])], seed: 1)));
            }

            static void Predict(Network network) => network.Predict(new float[network.InputShape.Size]);
        },
        iter: samples, threads: 1);

    public static void Augmentation(int samples)
    {
        Gen.Select(AnyInt, AnyInt, AnyInt, AnyInt, Gen.Float[0, 180]).Sample(
            (width, height, channels, shift, rotation) => Expect.NoAccident(() =>
            {
                var augmentation = new ImageAugmentation(width, height, channels, shift, rotation, flipHorizontally: true);
                if ((long)width * height * channels < 10_000)
                    Train(augmentation, width * height * channels, threads: 2, batch: 3);
            }),
            iter: 10 * samples, threads: 1);

        // What so many threads would need were more than 2^32 values.
        Train(new ImageAugmentation(850, 850, rotation: 10), 850 * 850, threads: 1024, batch: 2);

        static void Train(ImageAugmentation augmentation, int inputs, int threads, int batch) =>
            new NetworkTrainer(
                Network.Create(inputs, [new DenseLayer(1)], seed: 1),
                new TrainingOptions { Augmentation = augmentation, NumberOfThreads = threads, BatchSize = batch, NumberOfEpochs = 1 }).Train(Dataset.FromTargets(inputs, 1, new float[batch * inputs], new float[batch]));
    }

    private static void WriteChecksum(byte[] bytes)
    {
        var register = uint.MaxValue;
        foreach (var value in bytes.AsSpan(0, bytes.Length - sizeof(uint)))
            register = BitOperations.Crc32C(register, value);
        BitConverter.GetBytes(~register).CopyTo(bytes, bytes.Length - sizeof(uint));
    }

    /// <summary>Writes whatever it is told, and may use its own trainer.</summary>
    private sealed class Writing(bool callsBack, float slope, double loss, Action call) : CustomLoss(Activation.Softmax)
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            if (callsBack)
                call();
            gradient.Fill(slope);
            return loss;
        }
    }
}
