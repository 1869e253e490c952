namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>What claims to change no bit of the model changes none, however gradients are applied: at the end of a step, while they are computed, for sparse rows, and in an ensemble.</summary>
public sealed class UnchangedBitsTests : IDisposable
{
    private static readonly Dictionary<string, Action<TrainingOptions, string>> Options = new()
    {
        ["two threads"] = (o, _) => o.NumberOfThreads = 2,
        ["three threads that never give way"] = (o, _) => (o.NumberOfThreads, o.AdaptsThreads) = (3, false),
        ["seven threads"] = (o, _) => o.NumberOfThreads = 7,
        ["all threads"] = (o, _) => o.NumberOfThreads = null,
        ["diagnostics"] = (o, _) => o.RecordDiagnostics = true,
        ["checkpoints"] = (o, folder) => o.Checkpoints = new Checkpoints(folder),
        ["callbacks"] = (o, _) => (o.BatchCompleted, o.EpochCompleted, o.TrainingCompleted) = (b => GC.KeepAlive(b.Loss), e => GC.KeepAlive(e.Loss), h => GC.KeepAlive(h.Count)),
        ["cancellation"] = (o, _) => (o.CancellationToken, o.CancellationBehavior) = (new CancellationTokenSource().Token, CancellationBehavior.ReturnModel),
        // Two that need all gradients before the step, and change none.
        ["a limit of the norm that none reaches"] = (o, _) => o.GradientNormLimit ??= 1e30f,
        ["a limit of values that none reaches"] = (o, _) => o.GradientValueLimit ??= 1e30f,
        ["all of it"] = (o, folder) =>
        {
            foreach (var name in (string[])["two threads", "diagnostics", "checkpoints", "callbacks", "cancellation", "a limit of values that none reaches"])
                Options![name](o, folder);
        },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;

    public static TheoryData<string, string> SubjectsAndOptions => new MatrixTheoryData<string, string>(TrainingSubject.All.Keys, Options.Keys);

    public static TheoryData<string> Subjects => [.. TrainingSubject.All.Keys];

    public static TheoryData<string, string> SteppedSubjectsAndOptimizers
    {
        get
        {
            // Each subject with one optimizer, and each optimizer with a subject of each way.
            var data = new TheoryData<string, string>();
            foreach (var (name, subject) in TrainingSubject.All)
            {
                if (subject.IsOfStepsAlone)
                    data.Add(name, "AdamW");
            }

            foreach (var optimizer in Samples.Optimizers.Keys.Where(name => name != "AdamW"))
            {
                foreach (var name in (string[])["large weights", "bias of 32,768", "sparse", "ensemble, large weights"])
                    data.Add(name, optimizer);
            }

            return data;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(SubjectsAndOptions))]
    public void What_claims_to_change_no_bit_changes_none(string subject, string option)
    {
        var plain = TrainingSubject.All[subject];
        plain.Outcome.CheckSame(plain.Train(o => Options[option](o, _folder)));
    }

    [Theory]
    [MemberData(nameof(Subjects))]
    public void An_interruption_after_every_epoch_changes_no_bit(string subject)
    {
        var plain = TrainingSubject.All[subject];
        // The epoch that was saved is told again.
        var told = new HashSet<int>();
        TrainingOutcome? outcome = null;
        while (outcome is null)
        {
            try
            {
                outcome = plain.Train(o => (o.Checkpoints, o.EpochCompleted) = (new Checkpoints(_folder), e => _ = told.Add(e.Epoch) ? throw new TimeoutException() : e));
            }
            catch (TimeoutException)
            {
            }
        }

        Assert.Equal(plain.Outcome.Losses.Length, told.Count);
        plain.Outcome.CheckSame(outcome);
    }

    /// <summary>Single steps have all gradients before the first parameter changes; a training changes large parameters while it computes their gradients.</summary>
    [Theory]
    [MemberData(nameof(SteppedSubjectsAndOptimizers))]
    public void Single_steps_end_with_the_bits_of_a_training(string subject, string optimizer)
    {
        var plain = TrainingSubject.All[subject];
        var stepped = plain.TakeSteps(Change);
        Assert.Equal(stepped, plain.Train(Change).Parameters);
        Assert.Equal(stepped, plain.Train(o =>
        {
            Change(o);
            o.NumberOfThreads = 2;
        }).Parameters);

        void Change(TrainingOptions options) => (options.Optimizer, options.NumberOfEpochs, options.Shuffle) = (Samples.Optimizers[optimizer], 1, false);
    }

    /// <summary>A row of weight 0 changes nothing, though with it the batch is past the limit of the fused step.</summary>
    [Fact]
    public void A_batch_past_the_limit_of_the_fused_step_ends_with_the_bits_of_one_within_it()
    {
        const int Limit = 1024, Inputs = 40;
        Assert.Equal(Train(Limit), Train(Limit + 1));

        static int[] Train(int rows)
        {
            var weights = Enumerable.Range(0, rows).Select(row => row < Limit ? 1f : 0).ToArray();
            var network = Network.Create(Inputs, [new DenseLayer(1000, Activation.ReLU), new DenseLayer(2)], seed: 3);
            new NetworkTrainer(network, new TrainingOptions { BatchSize = rows, NumberOfEpochs = 3, Seed = 4, Shuffle = false })
                .Train(Dataset.FromTargets(Inputs, 2, Samples.Numbers(rows * Inputs, seed: 1), Samples.Numbers(rows * 2, seed: 2), weights));
            return Samples.ParameterBits(network);
        }
    }

    [Fact]
    public void The_comparison_sees_what_changes_bits() => Assert.All(TrainingSubject.All.Values, subject =>
    {
        var other = subject.Train(o => o.LearningRate = o.LearningRate!.Value * 1.01f);
        Assert.NotEqual(subject.Outcome.Parameters, other.Parameters);
    });

    /// <summary>Whatever the number of units, none is left out.</summary>
    [Theory]
    [InlineData(32_767)]
    [InlineData(32_768)]
    [InlineData(32_769)]
    public void Biases_learn_whatever_their_number(int units)
    {
        var (features, targets) = (new float[] { -1, 0, 0.5f, 1 }, Enumerable.Repeat(1f, 4 * units).ToArray());
        var network = Network.Create(1, [new DenseLayer(units)], seed: 1);
        var history = new NetworkTrainer(network, new TrainingOptions { Optimizer = new Adam(), LearningRate = 0.05f, NumberOfEpochs = 50, BatchSize = 4, Seed = 1 })
            .Train(Dataset.FromTargets(1, units, features, targets));
        Assert.InRange(history[^1].Loss, 0, 0.05);
        Assert.All(network.Parameters[1].ToArray(), bias => Assert.InRange(bias, 0.7f, 1.3f));
    }
}
