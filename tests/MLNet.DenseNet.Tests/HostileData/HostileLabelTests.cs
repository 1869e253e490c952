using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>Labels that are numbers nobody can learn: those that are none leave their row out, others are refused with their place, and what is learned predicts numbers.</summary>
public class HostileLabelTests
{
    private const int Rows = 40;

    private static readonly VectorDataViewType Vector = new(NumberDataViewType.Single, 3);

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string, DataCaching> Ways
    {
        get
        {
            var ways = new TheoryData<string, DataCaching>();
            foreach (var task in (string[])[Tasks.Regression, Tasks.MultiOutput, HostileTasks.Quantiles, HostileTasks.ZeroOne, HostileTasks.Ranking])
            {
                foreach (var caching in HostileTasks.Cachings(task))
                    ways.Add(task, caching);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Labels_that_are_none_leave_their_row_out(string task, DataCaching caching)
    {
        float[] none = [float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        var honest = Data(Rows, task, row => row, row => HostileTasks.Numbers(task, row));
        // The first number of a label, or the last.
        var between = Data(2 * Rows, task, row => row / 2, row => row % 2 == 0 ? HostileTasks.Numbers(task, row / 2)
            : row % 4 == 1 && task is Tasks.MultiOutput or HostileTasks.ZeroOne ? [1, none[row % 3]] : [none[row % 3], 0]);
        Assert.Equal(HostileTasks.Weights(_mlContext, honest, caching, task), HostileTasks.Weights(_mlContext, between, caching, task));

        var all = Data(Rows, task, row => row, _ => [float.NaN, float.NaN]);
        Assert.Contains("with a missing or infinite label in 'Label'", Assert.Throws<InvalidOperationException>(() => HostileTasks.Weights(_mlContext, all, caching, task)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(0.5f)]
    [InlineData(float.Epsilon)]
    [InlineData(1.0000001f)]
    [InlineData(float.MaxValue)]
    [InlineData(-float.MaxValue)]
    public void Labels_other_than_0_and_1_are_refused_with_their_place(float label)
    {
        foreach (var (caching, isValidation) in ((DataCaching, bool)[])[(DataCaching.Memory, false), (DataCaching.Stream, false), (DataCaching.Memory, true), (DataCaching.Stream, true)])
        {
            // Beside a number that is none, too.
            var (right, wrong) = (ZeroOne(_ => 1), ZeroOne(row => row == 8 ? float.NaN : 1, row => row == 8 ? label : 0));
            var error = Assert.Throws<InvalidOperationException>(() => HostileTasks.Trainer(_mlContext, caching, HostileTasks.ZeroOne, options => options.ValidationSet = isValidation ? wrong : null).Fit(isValidation ? right : wrong));
            Assert.Contains(
                FormattableString.Invariant($"Reading the {(isValidation ? "validation" : "training")} data failed after 8 rows: row 9 has the label {label} (in slot 1 of the column 'Label'); several labels a row are Booleans, or numbers that are 0 or 1"),
                error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DataCaching.Memory)]
    [InlineData(DataCaching.Stream)]
    public void A_label_of_minus_0_is_0(DataCaching caching) => Assert.Equal(
        HostileTasks.Weights(_mlContext, ZeroOne(row => row % 2), caching, HostileTasks.ZeroOne), HostileTasks.Weights(_mlContext, ZeroOne(row => row % 2 == 0 ? -0f : 1, _ => -0f), caching, HostileTasks.ZeroOne));

    /// <summary>With all labels 0 or all 1, a probability is as high or low as it can be, and still a number.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Labels_that_are_all_the_same_are_learned(float label)
    {
        var data = ZeroOne(_ => label, _ => label);
        var scored = HostileTasks.Trainer(_mlContext, DataCaching.Memory, HostileTasks.ZeroOne, options => (options.NumberOfEpochs, options.LearningRate) = (200, 0.1f)).Fit(data).Transform(data);
        Assert.All(scored.GetColumn<float[]>("Probability"), row => Assert.All(row, probability => Assert.Equal(label, probability, 0.01)));
    }

    [Theory]
    [InlineData(3.4e38f)]
    [InlineData(-3.4e38f)]
    [InlineData(1e-45f)]
    [InlineData(0)]
    public void Labels_of_any_size_give_quantiles_that_ascend(float size)
    {
        foreach (var label in (Func<long, float>[])[row => size * (row % 2), row => row == 3 ? size : row % 5, row => row % 2 == 0 ? size : -size])
        {
            var data = Data(Rows, HostileTasks.Quantiles, row => row, row => [label(row)]);
            var scores = HostileTasks.Trainer(_mlContext, DataCaching.Memory, HostileTasks.Quantiles).Fit(data).Transform(data).GetColumn<float[]>("Score");
            Assert.All(scores, row =>
            {
                Assert.All(row, score => Assert.True(float.IsFinite(score), $"{score}"));
                Assert.Equal(row.Order(), row);
            });
        }
    }

    /// <summary>Sorted, a number beside values that are none would stand for another quantile than its own.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Quantiles_of_features_beyond_what_a_network_can_compute_are_all_missing(int seed)
    {
        var data = Data(Rows, HostileTasks.Quantiles, row => row, row => HostileTasks.Numbers(HostileTasks.Quantiles, row));
        var model = HostileTasks.Trainer(_mlContext, DataCaching.Memory, HostileTasks.Quantiles, options => (options.NormalizeFeatures, options.Seed) = (FeatureNormalization.Off, seed)).Fit(data);
        float[] values = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, -float.MaxValue, 1];
        var count = values.Length;
        var hostile = new MadeDataView(count * count * count).Add("Features", Vector, row => new VBuffer<float>(3, [values[row % count], values[row / count % count], values[row / count / count]]));
        foreach (var scores in model.Transform(hostile).GetColumn<float[]>("Score"))
            Assert.True(Array.TrueForAll(scores, float.IsNaN) || scores.Zip(scores.Skip(1), (lower, higher) => lower <= higher).All(ascends => ascends), string.Join(", ", scores));
    }

    private static MadeDataView ZeroOne(Func<long, float> first, Func<long, float>? second = null) =>
        Data(Rows, HostileTasks.ZeroOne, row => row, row => [first(row), second is null ? 0 : second(row)]);

    private static MadeDataView Data(int rows, string task, Func<long, long> number, Func<long, float[]> label) => HostileTasks.WithNumbers(HostileTasks.WithGroup(
        new MadeDataView(rows).Add("Features", Vector, row => new VBuffer<float>(3, HostileTasks.Features(number(row)))).Add("Weight", NumberDataViewType.Single, _ => 1f), task, number), task, label);
}
