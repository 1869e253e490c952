using MLNet.DenseNet.Engine.Tests.Persistence;
using static MLNet.DenseNet.Engine.Tests.History.SavedHistories;

namespace MLNet.DenseNet.Engine.Tests.History;

public class TrainingHistoryTests
{
    private static readonly TrainingHistory History = Train();
    private static readonly byte[] Saved = Save(History);

    [Fact]
    public void Settings_are_those_in_force() => Assert.Equal(
        new TrainingSettings(
            "mean squared error", "AdamW", 0.01f, "times 0.5 every epoch", 0.01f, BatchSize: 4, NumberOfEpochs: 30, Shuffle: true, Seed: 2, TrainingRows: 7, ValidationRows: 3,
            GradientNormLimit: 50, Augmentation: "rows with noise 0.01", EarlyStopping: "after 1 epoch without a better loss, by at least 10"),
        History.Settings);

    [Fact]
    public void Everything_comes_back()
    {
        var loaded = Load(Saved);
        Assert.Equal(History.Select(e => e with { Diagnostics = [] }), loaded.Select(e => e with { Diagnostics = [] }));
        Assert.Equal(History.SelectMany(e => e.Diagnostics), loaded.SelectMany(e => e.Diagnostics));
        Assert.Equal((History.End, History.RestoredEpoch, History.Settings), (loaded.End, loaded.RestoredEpoch, loaded.Settings));
        Assert.Equal((TrainingEnd.EarlyStopped, true), (loaded.End, loaded.RestoredEpoch is not null));
        Assert.Equal(SmallTraining.NewNetwork().Summary().Layers, loaded.Network!.Layers);
        Assert.Null(loaded.BaselineAccuracy);
    }

    [Fact]
    public void The_baseline_is_the_share_of_the_commonest_class_as_training_weighs_it()
    {
        Assert.Equal(0.75, Baseline(new TrainingOptions { NumberOfEpochs = 1 }));
        Assert.Equal(0.5, Baseline(new TrainingOptions { NumberOfEpochs = 1, ClassWeights = ClassWeights.Balanced })!.Value, 6);
        Assert.Equal(0.6, Baseline(new TrainingOptions { NumberOfEpochs = 1 }, [1, 1, 1, 2])!.Value, 12);

        static double? Baseline(TrainingOptions options, float[]? weights = null)
        {
            var data = Dataset.FromClasses(1, 2, new float[] { 1, 2, 3, 4 }, new[] { 0, 0, 0, 1 }, weights);
            var history = new NetworkTrainer(Network.Create(1, [new DenseLayer(2, Activation.Softmax)], seed: 1), options).Train(data);
            Assert.Equal(history.BaselineAccuracy, Load(Save(history)).BaselineAccuracy);
            return history.BaselineAccuracy;
        }
    }

    [Fact]
    public void Every_truncation_and_every_changed_byte_is_a_format_error()
    {
        for (var length = 0; length < Saved.Length; length++)
            Assert.Throws<FormatException>(() => Load(Saved[..length]));
        for (var position = 0; position < Saved.Length; position++)
        {
            foreach (var change in (byte[])[1, 0x80, 0xff])
            {
                var changed = Saved.ToArray();
                changed[position] ^= change;
                Assert.Throws<FormatException>(() => Load(changed));
            }
        }
    }

    [Fact]
    public void What_was_never_saved_is_refused_even_with_the_right_checksum()
    {
        Assert.Contains("version 11", Refused(4, 11).Message, StringComparison.Ordinal);
        Assert.Contains("version 0", Refused(4, 0).Message, StringComparison.Ordinal);
        Assert.Contains("its end is 9", Refused(6, 9).Message, StringComparison.Ordinal);
        Assert.Contains("of which", Refused(9, 1).Message, StringComparison.Ordinal);
        Assert.Contains("went on from 0 epochs and -", Refused(Saved.Length - 24, 0x80).Message, StringComparison.Ordinal);
        Assert.Contains("its epochs have -", Refused(Saved.Length - 12, 0x80).Message, StringComparison.Ordinal);
        Assert.Contains("it held out ", Refused(Saved.Length - 8, 0x41).Message, StringComparison.Ordinal);
        Assert.Contains("signature", Assert.Throws<FormatException>(() => Load([.. "MLDN"u8, .. Saved[4..]])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_not_a_number_is_told_from_none()
    {
        var settings = new TrainingSettings("a", "b", 0.5f, "c", 0, 1, 2, true, 3, 4, 5);
        // The sign of a not-a-number that an operation gives depends on the processor.
        foreach (var notANumber in (double[])[double.NaN, -double.NaN])
        {
            var epoch = new EpochSummary(1, 2, notANumber, null, notANumber, notANumber, null, double.NegativeInfinity, 0.5f, 8, TimeSpan.Zero, TimeSpan.Zero);
            Assert.Equal([epoch], Load(Save(new TrainingHistory([epoch], TrainingEnd.Completed, null, settings))));
        }
    }

    /// <summary>Saved histories must stay readable: when this test fails, the version has to go up.</summary>
    [Fact]
    public void Bytes_are_those_of_the_documented_layout()
    {
        var epoch = new EpochSummary(1, 2, 0.5, null, 0.25, null, null, null, 0.5f, 8, TimeSpan.FromTicks(3), TimeSpan.FromTicks(4));
        var old = new TrainingSettings("a", "b", 0.5f, "c", 0, 1, 2, true, 3, 4, 0);
        var settings = old with { GradientValueLimit = 2, Augmentation = "g", EarlyStopping = "h" };
        const string Nothing = "000000000000F8FF";
        const string Header =
            "03" + "01000000"
            + "0161" + "0162" + "0000003F" + "0163" + "00000000" + "01000000" + "02000000" + "01" + "03000000" + "04000000" + "00000000";
        const string Limits = Nothing + "0000000000000040" + "0167" + "00" + "0168";
        const string Metrics = "01000000" + "000000000000E03F" + Nothing + "000000000000D03F" + Nothing + Nothing + Nothing;
        const string ClassWeighted = Nothing + "000000000000E43F";
        const string Objectives = "000000000000F03F" + "000000000000F83F";
        const string Ndcg = "000000000000EC3F" + Nothing;
        const string Pace = "0000003F" + "0000000000002040" + "0300000000000000" + "0400000000000000";
        const string NoAnnealing = "00000000";
        const string Diagnostics = "02000000" + "00000000" + "000000000000E03F" + "000000000000D03F" + "02000000" + "0000000000000840" + Nothing;
        const string Baseline = "000000000000E83F";
        const string Dense = "0164" + "0165" + "02" + "0500000006000000" + "01" + "07000000" + "08000000" + "09000000";
        const string Dropout = "0166" + "00" + "01" + "07000000" + "01" + "01000000" + "00000000" + "01000000";
        const string Layers = Baseline + "02000000" + Dense + "03000000" + Dropout + "01000000";
        const string Inside = "02000000" + Dense + "03000000" + "01000000" + Dropout + "01000000" + "00000000" + Dropout + "01000000" + "00000000";
        const string BaselineLoss = "000000000000EA3F";
        const string NestedLayers = "02000000" + Dense + "03000000" + Inside + Dropout + "01000000" + "00000000";
        const string Weights =
            "01000000" + "02000000" + "000080BF" + "0000803F" + "02000000" + "03000000" + "04000000" + "000000C0" + "00000040" + "01000000" + "05000000";
        var (dense, dropout) = (new LayerSummary("d", "e", new Shape(5, 6), 7, 8, 9) { Members = 3 }, new LayerSummary("f", null, 7, 1, 0, 1));
        var network = new NetworkSummary([dense, dropout]);
        var nested = new NetworkSummary([dense with { Layers = [dense with { Layers = [dropout] }, dropout] }, dropout]);
        var measured = epoch with { ValidationClassWeightedAccuracy = 0.625, ObjectiveApart = 1, ValidationObjectiveApart = 1.5, Ndcg = 0.875, Diagnostics = [new LayerDiagnostics(0, 0.5, 0.25), new LayerDiagnostics(2, 3, null)] };
        var weights = new LayerWeights(2, new WeightHistogram(-1, 1, [3, 4]), new WeightHistogram(-2, 2, [5]));
        var bytes = Save(new TrainingHistory([measured], TrainingEnd.Canceled, 1, settings, nested, baselineAccuracy: 0.75, [weights]) { BaselineLoss = 0.8125, EpochsBefore = 6, StepsBefore = 7, HoldOutSeed = 8, StepsPerEpoch = 9, HeldOut = new HeldOutPart(0.125f, HoldOutUnit.Groups, AreFolds: true), MayHaveLearnedValidationRows = true });
        const string Start = Header + Limits + Metrics + ClassWeighted, End = Pace + Diagnostics + Layers + Weights, Before = "06000000" + "0700000000000000" + "08000000";
        const string Eighth = Start + Objectives + Ndcg + Pace + NoAnnealing + Diagnostics + Baseline + BaselineLoss + NestedLayers + Weights + Before;
        const string Ninth = Eighth + "0900000000000000";
        Assert.Equal("4D4C4448" + "0A00" + Ninth + "0000003E" + "01" + "01" + "01", Convert.ToHexString(bytes[..^4]));
        var loaded = Load(bytes);
        Assert.Equal((6, 7, 8, 9, 0.8125), (loaded.EpochsBefore, loaded.StepsBefore, loaded.HoldOutSeed, loaded.StepsPerEpoch, loaded.BaselineLoss));
        Assert.Equal(measured with { Diagnostics = [] }, loaded[0] with { Diagnostics = [] });
        Assert.Equal(measured.Diagnostics, loaded[0].Diagnostics);
        var (initial, final) = (loaded.Weights[0].Initial, loaded.Weights[0].Final);
        Assert.Equal((2, -1, 1, -2, 2), (loaded.Weights[0].Layer, initial.Lowest, initial.Highest, final.Lowest, final.Highest));
        Assert.Equal([3, 4], initial.Counts);
        Assert.Equal([5], final.Counts);
        Assert.Equal(settings, loaded.Settings);
        Assert.Equal(nested.ToString(), loaded.Network!.ToString());
        Assert.Equal([dense, dropout], loaded.Network.Layers.Select(layer => layer with { Layers = [] }));
        Assert.Equal([dense, dropout], loaded.Network.Layers[0].Layers.Select(layer => layer with { Layers = [] }));
        Assert.Equal([dropout], loaded.Network.Layers[0].Layers[0].Layers);

        // The ninth version did not say what was held out, which is saved again as not known.
        Assert.Equal((new HeldOutPart(0.125f, HoldOutUnit.Groups, true), true), (loaded.HeldOut, loaded.MayHaveLearnedValidationRows));
        var ninth = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0900" + Ninth + "00000000")));
        Assert.Equal((9, null, false), (ninth.StepsPerEpoch, ninth.HeldOut, ninth.MayHaveLearnedValidationRows));
        Assert.Null(Load(Save(ninth)).HeldOut);

        // The eighth version had no steps of an epoch, which its rows and batches tell.
        var eighth = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0800" + Eighth + "00000000")));
        Assert.Equal((0.8125, 8, (settings.TrainingRows + settings.BatchSize - 1) / settings.BatchSize), (eighth.BaselineLoss, eighth.HoldOutSeed, eighth.StepsPerEpoch));

        // The seventh version had no baseline loss.
        var seventh = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0700" + Start + Objectives + Ndcg + Pace + NoAnnealing + Diagnostics + Baseline + NestedLayers + Weights + Before + "00000000")));
        Assert.Equal((0.75, null, 8), (seventh.BaselineAccuracy, seventh.BaselineLoss, seventh.HoldOutSeed));

        // The sixth version had no annealing.
        var sixth = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0600" + Start + Objectives + Ndcg + Pace + Diagnostics + Baseline + NestedLayers + Weights + Before + "00000000")));
        Assert.Equal(measured with { Diagnostics = [] }, sixth[0] with { Diagnostics = [] });

        // The fifth version had no NDCG.
        var fifth = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0500" + Start + Objectives + Pace + Diagnostics + Baseline + NestedLayers + Weights + Before + "00000000")));
        Assert.Equal(measured with { Ndcg = null, Diagnostics = [] }, fifth[0] with { Diagnostics = [] });
        Assert.Equal(nested.ToString(), fifth.Network!.ToString());

        // The fourth version had no layers inside others.
        var fourth = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0400" + Start + Objectives + End + Before + "00000000")));
        Assert.Equal((6, 7, 8), (fourth.EpochsBefore, fourth.StepsBefore, fourth.HoldOutSeed));
        Assert.Equal(network.Layers, fourth.Network!.Layers);

        // The third version had no objectives and did not tell what a training went on from.
        var third = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0300" + Start + End + "00000000")));
        Assert.Equal((0, 0, third.Settings.Seed), (third.EpochsBefore, third.StepsBefore, third.HoldOutSeed));
        Assert.Equal(epoch with { ValidationClassWeightedAccuracy = 0.625 }, third[0] with { Diagnostics = [] });
        Assert.Equal(settings, third.Settings);
        Assert.Equal(network.Layers, third.Network!.Layers);

        // The second version had no limits and no members.
        var second = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0200" + Header + Metrics + Pace + Diagnostics + Baseline + "02000000" + Dense + Dropout + Weights + "00000000")));
        Assert.Equal(old, second.Settings);
        Assert.Equal(network.Layers.Select(l => l with { Members = 1 }), second.Network!.Layers);
        Assert.Equal((0.75, 1), (second.BaselineAccuracy, second.Weights.Count));

        // The first version had no more than the epochs.
        var first = Load(SavedNetworks.WithRightChecksum(Convert.FromHexString("4D4C4448" + "0100" + Header + Metrics + Pace + "00000000")));
        Assert.Equal([epoch], first);
        Assert.Equal((null, null, 0), (first.Network, first.BaselineAccuracy, first.Weights.Count));
    }

    [Fact]
    public void The_beginning_of_annealing_is_saved()
    {
        var history = MadeUpHistory.Of(5, t => 1 - t, changeEpoch: e => e with { AnnealedFrom = e.Epoch == 4 ? 2 : null });
        Assert.Equal([null, null, null, 2, null], Load(Save(history)).Select(e => e.AnnealedFrom));
    }

    [Fact]
    public void A_kept_file_of_version_3_is_read()
    {
        var history = Load(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "history-version-3.bin")));
        Assert.Equal((6, TrainingEnd.Completed, 6), (history.Count, history.End, history.RestoredEpoch));
        var last = history[^1];
        Assert.Equal((0.5481408364730221, 0.5725797290603319, 0.7904761987275818), (last.Loss, last.ValidationLoss, last.ValidationClassWeightedAccuracy));
        Assert.Equal((last.Loss, last.ValidationLoss, 0.5725797290603319), (last.Objective, last.ValidationObjective, last.MonitoredLoss));
        Assert.Equal(("balanced", 5f, 12), (history.Settings.ClassWeights, history.Settings.GradientNormLimit, history.Settings.ValidationRows));
        Assert.Equal(2, history.Network!.Layers[0].Members);
        Assert.Equal(0.5, history.BaselineAccuracy!.Value, 1e-6);
        Assert.All(history, epoch => Assert.Equal(2, epoch.Diagnostics.Count));
        Assert.Equal(2, history.Weights.Count);
    }

    private static TrainingHistory Train()
    {
        var options = SmallTraining.Options();
        options.Optimizer = new AdamW();
        options.LearningRateSchedule = new ExponentialSchedule(0.5f);
        options.NumberOfEpochs = 30;
        options.ValidationFraction = 0.3f;
        options.EarlyStopping = new EarlyStopping(patience: 1, minimumImprovement: 10);
        options.RecordDiagnostics = true;
        options.GradientNormLimit = 50;
        options.Augmentation = new TableAugmentation(noise: 0.01f);
        return new NetworkTrainer(SmallTraining.NewNetwork(), options).Train(SmallTraining.Data());
    }

    private static FormatException Refused(int position, byte value)
    {
        var changed = Saved.ToArray();
        changed[position] = value;
        return Assert.Throws<FormatException>(() => Load(SavedNetworks.WithRightChecksum(changed)));
    }
}
