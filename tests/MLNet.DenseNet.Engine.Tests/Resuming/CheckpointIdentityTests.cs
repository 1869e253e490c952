using System.Globalization;

namespace MLNet.DenseNet.Engine.Tests.Resuming;

/// <summary>A training goes on from a checkpoint of its own alone: whatever decides its bits is compared.</summary>
public sealed class CheckpointIdentityTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Private_constants_of_a_users_loss_are_compared()
    {
        CheckTold(new Quantile(0.1), new Quantile(0.9), "q = 0.1", "q = 0.9");
        CheckTold(new Weighed([1, 2]), new Weighed([1, 3]), "[1, 2]", "[1, 3]");
        CheckTold(new Weighed(new float[1000]), new Weighed([.. new float[999], 1]), "1000 values, checksum");
        CheckTold(new Derived(0.1, 3), new Derived(0.2, 3), "q = 0.1");
        CheckTold(new Derived(0.1, 3), new Derived(0.1, 4), "power = 4");
        CheckTold(new Composed(new Part(1, "a")), new Composed(new Part(2, "a")), "Number = 1");
        CheckTold(new Composed(new Part(1, "a")), new Composed(new Part(1, "b")), "Name = b");
        CheckTold(new Composed(new Dictionary<string, double> { ["a"] = 1 }), new Composed(new Dictionary<string, double> { ["a"] = 2 }), "value = 1");
        CheckTold(new Composed((1, 2f)), new Composed((1, 3f)), "Item2 = 3");
        CheckTold(new Composed(new Quantile(0.1)), new Composed(new Quantile(0.2)), "q = 0.2");
        CheckTold(new Composed(Times(2)), new Composed(Times(3)), "factor = 2");
        CheckTold(new Composed((Func<float, float>)MathF.Sin), new Composed((Func<float, float>)MathF.Cos), "Sin");
        CheckTold(new Composed(DayOfWeek.Friday), new Composed(DayOfWeek.Monday), "Friday");
        CheckTold(new InWords("a"), new InWords("b"), "{a}", "{b}");

        static Func<float, float> Times(float factor) => x => factor * x;
    }

    /// <summary>Their text is the same.</summary>
    [Fact]
    public void Settings_of_layers_are_compared_that_their_text_leaves_out()
    {
        CheckRefused(new DenseLayer(3, Activation.LeakyReLU(0.1f)), new DenseLayer(3, Activation.LeakyReLU(0.2f)));
        CheckRefused(new ActivationLayer(Activation.LeakyReLU(0.1f)), new ActivationLayer(Activation.LeakyReLU(0.2f)));
        CheckRefused(new NumericEmbeddingLayer(2, columns: [0]), new NumericEmbeddingLayer(2, columns: [1]));
        CheckRefused(new WideAndDeepLayer([0], [new DenseLayer(2)]), new WideAndDeepLayer([1], [new DenseLayer(2)]));

        void CheckRefused(Layer first, Layer second)
        {
            Assert.Equal($"{first}", $"{second}");
            Train(first);
            Train(first);
            Assert.Contains("settings of layers", Assert.Throws<ArgumentException>(() => Train(second)).Message, StringComparison.Ordinal);
            Directory.Delete(_folder.Folder, recursive: true);
        }

        void Train(Layer layer)
        {
            new NetworkTrainer(Network.Create(SmallTraining.Inputs, [layer, new DenseLayer(SmallTraining.Outputs)], seed: 1), _folder.Options()).Train(SmallTraining.Data());
        }
    }

    [Fact]
    public void What_is_no_constant_of_a_users_loss_is_not()
    {
        CheckSame(new Quantile(0.1), new Quantile(0.1));
        CheckSame(new Weighed([1, 2]), new Weighed([1, 2]));
        CheckSame(new Composed(new Random(1)), new Composed(new Random(2)));
        CheckSame(new Composed(new Circle()), new Composed(new Circle()));
        CheckSame(new Composed((Action)(() => GC.KeepAlive(this))), new Composed((Action)(() => GC.KeepAlive(this))), isSame: false);
        CheckSame(new InWords("a") { Calls = 1 }, new InWords("a") { Calls = 2 });
    }

    [Fact]
    public void Constants_stand_in_an_order_of_their_own()
    {
        Assert.Equal("RMSProp, decay 0.99, momentum 0.5 {Decay = 0.99, DefaultLearningRate = 0.001, DefaultWeightDecay = 0, Epsilon = 1E-08, Momentum = 0.5}", ConstantsText.Of(new RMSProp(momentum: 0.5f)));
        Assert.Equal("warm-up of 2 epochs, then constant {Epochs = 2, Next = constant {}}", ConstantsText.Of(new WarmUpSchedule(2)));
    }

    /// <summary>In Danish, aa comes last.</summary>
    [Fact]
    public void Their_order_is_the_same_in_every_culture()
    {
        var (culture, expected) = (CultureInfo.CurrentCulture, ConstantsText.Of(new Danish()));
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("da-DK");
            Assert.Equal(expected, ConstantsText.Of(new Danish()));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Another_version_of_the_library_is_named()
    {
        CheckpointFolder.Train(_folder.Options());
        var bytes = File.ReadAllBytes(_folder.File);
        var version = System.Text.Encoding.UTF8.GetBytes(CheckpointFormat.LibraryVersion);
        Assert.Equal(version, bytes[7..(7 + version.Length)]);
        bytes[7] = (byte)'7';
        File.WriteAllBytes(_folder.File, Persistence.SavedNetworks.WithRightChecksum(bytes));
        CheckRefused($"it was saved by version 7{CheckpointFormat.LibraryVersion[1..]} of this library; this is version {CheckpointFormat.LibraryVersion}");

        // The first layout did not tell the version.
        File.WriteAllBytes(_folder.File, Persistence.SavedNetworks.WithRightChecksum([.. "MLDC"u8, 1, 0, .. bytes[(7 + version.Length)..]]));
        CheckRefused("it was saved by an older version of this library");

        void CheckRefused(string expected)
        {
            var error = Assert.Throws<ArgumentException>(() => CheckpointFolder.Train(_folder.Options()));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Contains($"'{_folder.File}'", error.Message, StringComparison.Ordinal);
        }
    }

    private void CheckTold(CustomLoss first, CustomLoss second, params string[] expected)
    {
        Assert.Equal(ConstantsText.Of(first), ConstantsText.Of(first));
        CheckpointFolder.Train(With(first));
        var error = Assert.Throws<ArgumentException>(() => CheckpointFolder.Train(With(second)));
        Assert.All(expected, words => Assert.Contains(words, error.Message, StringComparison.Ordinal));
        Directory.Delete(_folder.Folder, recursive: true);
    }

    private static void CheckSame(CustomLoss first, CustomLoss second, bool isSame = true)
    {
        if (isSame)
            Assert.Equal(ConstantsText.Of(first), ConstantsText.Of(second));
        // Whatever it is, it comes to an end.
        Assert.InRange(ConstantsText.Of(first).Length, 1, 1000);
    }

    private TrainingOptions With(CustomLoss loss)
    {
        var options = _folder.Options();
        options.Loss = loss;
        return options;
    }

    private class Quantile(double q) : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            var error = target[0] - prediction[0];
            gradient[0] = (float)(error > 0 ? -q : 1 - q);
            return error > 0 ? q * error : (q - 1) * error;
        }
    }

    private sealed class Danish() : Quantile(0)
    {
        public int Ab { get; } = 2;

        public int Aa { get; } = 1;
    }

    private sealed class Derived(double q, int power) : Quantile(q)
    {
        public override string ToString() => $"{(power > 0 ? "derived" : "")}";
    }

    private sealed class Weighed(float[] weights) : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient) => weights[0] * 0;
    }

    private sealed class Composed(object part) : CustomLoss
    {
        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient) => part is null ? 1 : 0;
    }

    private sealed class InWords(string words) : CustomLoss
    {
        public int Calls;

        protected override string DescribeConstants() => words;

        protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
        {
            Calls++;
            return 0;
        }
    }

    private sealed record Part(int Number, string Name);

    private sealed class Circle
    {
        private readonly Circle _self;

        public Circle() => _self = this;

        public override string ToString() => $"{_self is not null}";
    }
}
