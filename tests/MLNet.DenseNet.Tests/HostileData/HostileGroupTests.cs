using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>Groups of a ranking that are odd, and relevances that are keys beyond their type.</summary>
public sealed class HostileGroupTests
{
    private const int Rows = 40;

    private static readonly VectorDataViewType Vector = new(NumberDataViewType.Single, 3);

    private static readonly KeyDataViewType Key = new(typeof(uint), 1000);

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly List<string> _log = [];

    public HostileGroupTests() => _mlContext.Log += (_, e) => _log.Add(e.Message);

    [Fact]
    public void Rows_of_a_missing_group_are_left_out_and_told_of()
    {
        var between = Data(2 * Rows, row => row / 2, Key, row => row % 2 == 1 ? 0u : Group(row / 2));
        Assert.Equal(Weights(Honest()), Weights(between, options => options.Verbosity = Verbosity.Summary));
        Assert.Contains(_log, line => line.Contains($"Skipped {Rows} of {2 * Rows} rows of the training data: {Rows} with a missing group in 'Group'", StringComparison.Ordinal));
        var error = Assert.Throws<InvalidOperationException>(() => Weights(Data(Rows, row => row, Key, _ => 0u)));
        Assert.Contains($"{Rows} with a missing group in 'Group'", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Of numbers that are no keys 0 is one like others, and the largest are no others.</summary>
    [Fact]
    public void Only_which_rows_belong_together_counts()
    {
        var expected = Weights(Honest());
        ulong[] ids = [ulong.MaxValue, 0, 1UL << 63, uint.MaxValue, 1UL + uint.MaxValue, 7, 6, 1];
        Assert.Equal(expected, Weights(Data(Rows, row => row, NumberDataViewType.UInt64, row => ids[row / 5])));
        Assert.Equal(expected, Weights(Data(Rows, row => row, NumberDataViewType.UInt32, row => row / 5 % 2 == 0 ? uint.MaxValue - (uint)(row / 5) : (uint)(row / 10))));
    }

    [Fact]
    public void Groups_whose_rows_are_apart_are_learned_from_as_such()
    {
        var apart = Train(Data(Rows, row => row, Key, row => (uint)(row % 8 + 1)));
        Assert.All(apart.Transform(Honest()).GetColumn<float>("Score"), score => Assert.True(float.IsFinite(score)));
        Assert.NotEqual(Weights(Honest()), Weights(Data(Rows, row => row, Key, row => (uint)(row % 8 + 1))));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(null)]
    public void All_rows_may_be_one_group(int? epochs)
    {
        var data = Data(Rows, row => row, Key, _ => 1u);
        var model = Train(data, options => options.NumberOfEpochs = epochs);
        Assert.True(model.GetDenseNeuralNet().History![^1].Loss < model.GetDenseNeuralNet().History![0].Loss);
        Assert.All(model.Transform(data).GetColumn<float>("Score"), score => Assert.True(float.IsFinite(score)));
    }

    /// <summary>What would come of it is a network that learned nothing.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(null)]
    public void Groups_of_one_row_each_are_refused(int? epochs)
    {
        var data = Data(Rows, row => row, Key, row => (uint)(row + 1));
        var error = Assert.Throws<InvalidOperationException>(() => Train(data, options => options.NumberOfEpochs = epochs));
        Assert.Equal($"None of the {Rows} usable rows shares its group in the column 'Group' with another; a ranking learns the order of the rows of a group.", error.Message);

        // Some may be, and all where each row is learned by itself, or a model goes on learning.
        Train(Data(Rows, row => row, Key, row => (uint)Math.Min(row + 1, Rows - 1)));
        Train(data, options => options.Loss = new MeanSquaredError());
        Train(data, options => options.InitialModel = Train(Honest()).GetDenseNeuralNet());
    }

    /// <summary>They would count as many times more relevant than all others.</summary>
    [Fact]
    public void Relevances_that_are_keys_beyond_their_type_are_missing()
    {
        var type = new KeyDataViewType(typeof(uint), 7);
        var honest = Labelled(Rows, row => row, row => (uint)(row % 7 + 1));
        var between = Labelled(2 * Rows, row => row / 2, row => row % 2 == 0 ? (uint)(row / 2 % 7 + 1) : row % 4 == 1 ? 8u : uint.MaxValue);
        Assert.Equal(Weights(honest), Weights(between));

        MadeDataView Labelled(int rows, Func<long, long> number, Func<long, uint> label) =>
            WithoutLabel(rows, number, Key, row => Group(number(row))).Add("Label", type, label);
    }

    private static uint Group(long row) => (uint)(row / 5 + 1);

    private static MadeDataView Honest() => Data(Rows, row => row, Key, Group);

    private static MadeDataView Data<T>(int rows, Func<long, long> number, DataViewType type, Func<long, T> group) =>
        WithoutLabel(rows, number, type, group).Add("Label", NumberDataViewType.Single, row => HostileTasks.Numbers(HostileTasks.Ranking, number(row))[0]);

    private static MadeDataView WithoutLabel<T>(int rows, Func<long, long> number, DataViewType type, Func<long, T> group) =>
        new MadeDataView(rows).Add("Features", Vector, row => new VBuffer<float>(3, HostileTasks.Features(number(row)))).Add("Weight", NumberDataViewType.Single, _ => 1f).Add("Group", type, group);

    private ITransformer Train(IDataView data, Action<DenseNeuralNetOptions>? change = null) => HostileTasks.Trainer(_mlContext, DataCaching.Memory, HostileTasks.Ranking, change).Fit(data);

    private List<uint> Weights(IDataView data, Action<DenseNeuralNetOptions>? change = null) => HostileTasks.Weights(Train(data, change));
}
