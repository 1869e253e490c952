using Microsoft.ML;

namespace MLNet.DenseNet.Tests;

public class DeterminismTests
{
    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Same_seed_same_bits(string task) => Assert.Equal(Scores(task, new MLContext(), seed: 7), Scores(task, new MLContext(), seed: 7));

    [Fact]
    public void Another_seed_another_model() =>
        Assert.NotEqual(Scores(Tasks.Binary, new MLContext(), seed: 7), Scores(Tasks.Binary, new MLContext(), seed: 8));

    [Fact]
    public void The_seed_of_the_context_counts_where_the_options_have_none()
    {
        var scores = Scores(Tasks.Binary, new MLContext(seed: 3), seed: null);
        Assert.Equal(scores, Scores(Tasks.Binary, new MLContext(seed: 3), seed: null));
        Assert.NotEqual(scores, Scores(Tasks.Binary, new MLContext(seed: 4), seed: null));
        Assert.NotEqual(Scores(Tasks.Binary, new MLContext(), seed: null), Scores(Tasks.Binary, new MLContext(), seed: null));
    }

    [Fact]
    public void Estimators_created_before_do_not_matter()
    {
        var mlContext = new MLContext(seed: 3);
        var data = mlContext.Data.LoadFromEnumerable(Sample.Rows(50));
        var first = Tasks.ScoreBits(Tasks.Pipeline(mlContext, Tasks.Binary, o => o.Seed = null).Fit(data).Transform(data));
        var second = Tasks.ScoreBits(Tasks.Pipeline(mlContext, Tasks.Binary, o => o.Seed = null).Fit(data).Transform(data));
        Assert.Equal(first, second);
    }

    private static List<string> Scores(string task, MLContext mlContext, int? seed)
    {
        var data = mlContext.Data.LoadFromEnumerable(Sample.Rows(100));
        return Tasks.ScoreBits(Tasks.Pipeline(mlContext, task, o => (o.Seed, o.DropoutRate) = (seed, 0.2f)).Fit(data).Transform(data));
    }
}
