namespace MLNet.DenseNet.Engine.Tests.Training;

public class ValidationFractionTests
{
    // 60 of class 0, 30 of class 1, 9 of class 2, 1 of class 3.
    private static readonly int[] Classes = [.. Enumerable.Range(0, 100).Select(row => row % 10 < 6 ? 0 : row % 10 < 9 ? 1 : row == 99 ? 3 : 2)];

    [Fact]
    public void Each_class_gives_the_same_share_and_a_single_row_stays()
    {
        var (kept, splitOff) = Split(0.2f, seed: 1);
        Assert.Equal([12, 6, 2, 0], Enumerable.Range(0, 4).Select(c => splitOff.Count(row => Classes[row] == c)));
        Assert.Equal(Enumerable.Range(0, 100), kept.Concat(splitOff).Order());
        Assert.Equal(kept.Order(), kept);
        Assert.Equal(splitOff.Order(), splitOff);
    }

    [Fact]
    public void The_seed_decides_which_rows()
    {
        Assert.Equal(Split(0.2f, seed: 1).SplitOff, Split(0.2f, seed: 1).SplitOff);
        Assert.NotEqual(Split(0.2f, seed: 1).SplitOff, Split(0.2f, seed: 2).SplitOff);
    }

    [Fact]
    public void A_share_of_no_row_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => RowSubset.SplitAsAsked(Data(Classes, 4), 0.004f, seed: 1));
        Assert.Contains("ValidationFraction is 0.004, which is less than one of the 100 training rows where one of each class stays to learn from", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A group is split off as a whole.</summary>
    [Fact]
    public void A_share_of_no_group_is_refused()
    {
        var data = Dataset.FromTargets(1, 1, new float[100], new float[100]).WithGroups([.. Enumerable.Range(0, 100).Select(row => row % 3)]);
        var error = Assert.Throws<ArgumentException>(() => RowSubset.SplitAsAsked(data, 0.1f, seed: 1));
        Assert.Contains("ValidationFraction is 0.1, which is less than one of the 3 groups of training rows where one stays to learn from", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_side_on_which_no_row_weighs_anything_is_refused()
    {
        float[] weights = [1, .. new float[SmallTraining.Rows - 1]];
        var data = Dataset.FromTargets(SmallTraining.Inputs, SmallTraining.Outputs, SmallTraining.Features, SmallTraining.Targets, weights);
        var messages = Enumerable.Range(0, 20).Select(seed => Assert.Throws<ArgumentException>(() => RowSubset.SplitAsAsked(data, 0.3f, seed)).Message).Distinct();
        Assert.Equal(
            ["The option ValidationFraction is 0.3, and of the rows that are left to learn from none has a weight above 0.", "The option ValidationFraction is 0.3, and of the rows that it splits off none has a weight above 0."], messages.Order());
    }

    [Fact]
    public void Training_with_a_share_split_off_equals_training_on_the_rest_with_those_rows_as_validation_set()
    {
        var options = SmallTraining.Options();
        options.ValidationFraction = 0.3f;
        var split = SmallTraining.NewNetwork();
        var splitHistory = new NetworkTrainer(split, options).Train(SmallTraining.Data(weighted: true));

        var (kept, splitOff) = RowSubset.Split(SmallTraining.Data(weighted: true), 0.3f, options.Seed!.Value);
        Assert.Equal((7, 3), (kept.Count, splitOff.Count));
        options.ValidationFraction = 0;
        var given = SmallTraining.NewNetwork();
        var givenHistory = new NetworkTrainer(given, options).Train(Take(kept), Take(splitOff));

        Assert.Equal(Samples.ParameterBits(given), Samples.ParameterBits(split));
        Assert.Equal(givenHistory.Select(Numbers), splitHistory.Select(Numbers));
        Assert.NotNull(splitHistory[0].ValidationLoss);

        static (double, double?, double?, double?) Numbers(EpochSummary e) => (e.Loss, e.RSquared, e.ValidationLoss, e.ValidationRSquared);

        static Dataset Take(RowSubset rows) => Dataset.FromTargets(
            SmallTraining.Inputs, SmallTraining.Outputs, Rows(rows, SmallTraining.Features, SmallTraining.Inputs),
            Rows(rows, SmallTraining.Targets, SmallTraining.Outputs), Rows(rows, SmallTraining.Weights, 1));

        static float[] Rows(RowSubset rows, float[] values, int width) => [.. rows.Rows.ToArray().SelectMany(row => values[(row * width)..((row + 1) * width)])];
    }

    [Fact]
    public void A_validation_set_and_a_share_at_once_are_refused()
    {
        var options = SmallTraining.Options();
        options.ValidationFraction = 0.3f;
        Assert.Throws<ArgumentOutOfRangeException>(nameof(options.ValidationFraction), () => SmallTraining.Train(options, validation: SmallTraining.Data()));
    }

    private static (int[] Kept, int[] SplitOff) Split(float fraction, int seed)
    {
        var (kept, splitOff) = RowSubset.Split(Data(Classes, 4), fraction, seed);
        return (kept.Rows.ToArray(), splitOff.Rows.ToArray());
    }

    private static Dataset Data(int[] classes, int classCount) => Dataset.FromClasses(1, classCount, new float[classes.Length], classes);
}
