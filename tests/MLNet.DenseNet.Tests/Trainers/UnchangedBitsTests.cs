using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

/// <summary>What a pipeline tells and saves while it trains changes no bit of what it predicts.</summary>
public sealed class UnchangedBitsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("densenet").FullName;
    private readonly IDataView _data = new MLContext().Data.LoadFromEnumerable(Sample.Rows(100));

    public static TheoryData<string, bool> TasksAndEnsembles => new MatrixTheoryData<string, bool>([Tasks.Regression, Tasks.Binary, Tasks.Multiclass, Tasks.MultiOutput], [false, true]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(TasksAndEnsembles))]
    public void Nothing_of_it_changes_a_bit(string task, bool isEnsemble)
    {
        var expected = Score(o => o.NumberOfThreads = 1);
        foreach (var verbosity in Enum.GetValues<Verbosity>())
            Assert.Equal(expected, Score(o => (o.Verbosity, o.NumberOfThreads) = (verbosity, 3)));
        Assert.Equal(expected, Score(o => o.RecordDiagnostics = true));
        Assert.Equal(expected, Score(o => o.Checkpoints = new Checkpoints(_folder)));
        // It has nothing left to do.
        Assert.Equal(expected, Score(o => o.Checkpoints = new Checkpoints(_folder)));
        Assert.Equal(expected, Score(o => (o.BatchCompleted, o.EpochCompleted, o.TrainingCompleted) = (b => GC.KeepAlive(b.Loss), e => GC.KeepAlive(e.Loss), h => GC.KeepAlive(h.Count))));

        string[] Score(Action<DenseNeuralNetOptions> change) => [.. Tasks.ScoreBits(Tasks.Pipeline(new MLContext(seed: 1), task, o =>
        {
            o.EnsembleSize = isEnsemble ? 2 : null;
            change(o);
        }).Fit(_data).Transform(_data))];
    }
}
