using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Tests.HostileData;

/// <summary>Types that call for more outputs or features than there can be are refused at once, before memory is taken or a row is read.</summary>
public class ImpossibleSizeTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 128, 64 })]
    public void A_key_of_too_many_values(int[] hiddenLayers)
    {
        var type = new KeyDataViewType(typeof(uint), int.MaxValue);
        var message = Error(Data(type, row => (uint)(row % 3 + 1), 4), hiddenLayers);
        Assert.Contains($"The label column 'Label' has the type {type}.", message, StringComparison.Ordinal);
        Assert.Matches("With these layers, up to [1-9][0-9,]* outputs are possible on this machine. A key has as many values as its type says", message);
        Assert.Matches(hiddenLayers.Length > 1 ? "has 137,438,953,408 weights; at most" : "GB of memory|at most [0-9,]+ are possible", message);
    }

    [Fact]
    public void A_network_that_memory_does_not_hold()
    {
        // Of 16 bytes each: its value, its gradient, and two that the optimizer keeps; two for each output.
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var outputs = (int)Math.Min(int.MaxValue, available / 30);
        Assert.SkipWhen(outputs > 1_000_000_000, "This machine has memory for all the parameters that are possible.");
        var message = Error(Data(new KeyDataViewType(typeof(uint), (ulong)outputs), row => (uint)(row % 3 + 1), 4), [1]);
        Assert.Matches("Its network has [0-9,]+ parameters, whose training takes [0-9.,]+ GB of memory or more", message);
        Assert.Contains(FormattableString.Invariant($"; {available / 1e9:N1} GB are there"), message, StringComparison.Ordinal);
    }

    /// <summary>Each feature that is missing somewhere takes an input more, which only the rows tell.</summary>
    [Fact]
    public void Indicators_that_memory_does_not_hold()
    {
        // Four units, 16 bytes a weight, and 32 for the statistics of a feature.
        var features = (int)Math.Min(int.MaxValue, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 110);
        Assert.SkipWhen(features > 260_000_000, "This machine has memory for all the parameters that are possible.");
        var column = new MadeDataView(1).Add("Features", new VectorDataViewType(NumberDataViewType.Single, features), _ => default(VBuffer<float>)).Schema["Features"];
        var size = new NetworkSize(((IHostEnvironment)_mlContext).Register("test"), new DenseNeuralNetOptions(), (_, outputs) => [new DenseLayer(4), new DenseLayer(outputs)]);
        size.CheckMissing(column, features, 1, missing: 0);
        size.CheckMissing(column, features, 1, missing: 1000);
        var message = Assert.Throws<InvalidOperationException>(() => size.CheckMissing(column, features, 1, features)).Message;
        Assert.Contains(FormattableString.Invariant($"Of the {features:N0} features in the column 'Features', {features:N0} are missing in some rows, and each of these needs an indicator. Its network has "), message, StringComparison.Ordinal);
        Assert.EndsWith("The option MissingFeatures leaves such rows out where it is Skip, and ReplaceMissingValues fills them in.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_label_of_too_many_values()
    {
        var type = new VectorDataViewType(NumberDataViewType.Single, int.MaxValue);
        var data = Data(type, row => new VBuffer<float>(int.MaxValue, 1, [row], [0]), 4);
        Assert.Contains($"The label column 'Label' has the type {type}.", Error(data, [4]), StringComparison.Ordinal);
        var error = Assert.ThrowsAny<ArgumentException>(() => _mlContext.Regression.EvaluateMultiOutput(_mlContext.Transforms.CopyColumns("Score", "Label").Fit(data).Transform(data)));
        Assert.Contains($"The label column 'Label' has the type {type}: too many outputs to evaluate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_too_many_Booleans()
    {
        var type = new VectorDataViewType(BooleanDataViewType.Instance, int.MaxValue);
        var scores = new VectorDataViewType(NumberDataViewType.Single, int.MaxValue);
        var data = new MadeDataView(20).Add("Label", type, row => new VBuffer<bool>(int.MaxValue, 1, [true], [0])).Add("PredictedLabel", type, _ => default(VBuffer<bool>))
            .Add("Score", scores, row => new VBuffer<float>(int.MaxValue, 1, [row], [0]));
        var error = Assert.ThrowsAny<ArgumentException>(() => _mlContext.BinaryClassification.EvaluateMultiLabel(data));
        Assert.Contains($"The label column 'Label' has the type {type}: too many labels to evaluate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_of_too_many_values()
    {
        var message = Error(Data(NumberDataViewType.Single, row => (float)row, int.MaxValue), [128]);
        Assert.Contains("The feature column 'Features' has the type Vector<Single, 2147483647>. Layer 1, Dense 128 SiLU, cannot take 2147483647. A dense layer of 128 units on 2,147,483,647 inputs has 274,877,906,816 weights;", message, StringComparison.Ordinal);
        Assert.Matches("up to [1-9][0-9,]* features are possible on this machine", message);
    }

    [Fact]
    public void The_search_for_a_learning_rate_says_so_too()
    {
        var data = Data(new KeyDataViewType(typeof(uint), int.MaxValue), row => (uint)(row % 3 + 1), 4);
        var error = Assert.ThrowsAny<ArgumentException>(() => _mlContext.MulticlassClassification.Trainers.DenseNeuralNet().FindLearningRate(data));
        Assert.Contains("The label column 'Label' has the type", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_mostly_do_not_occur_are_trained_as_long_as_memory_holds_them()
    {
        var data = Data(new KeyDataViewType(typeof(uint), 20_000), row => (uint)(row % 3 + 1), 2);
        var model = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [2], NumberOfEpochs = 1 }).Fit(data);
        Assert.Equal(20_000, model.Model.Layers[^1].OutputShape.Size);
        // Of so many outputs there is one network even where their number is left open.
        var open = _mlContext.MulticlassClassification.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [2], EarlyStopping = new EarlyStopping(patience: 1) }).Fit(data);
        Assert.Equal(1, open.Model.History!.Network!.Layers[^1].Members);
    }

    private static MadeDataView Data<T>(DataViewType labelType, Func<long, T> label, int features) =>
        new MadeDataView(50).Add("Label", labelType, label).Add("Features", new VectorDataViewType(NumberDataViewType.Single, features), row => new VBuffer<float>(features, 1, [1 + row % 3], [(int)(row % 2)]));

    private string Error(IDataView data, int[] hiddenLayers)
    {
        var clock = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.ThrowsAny<ArgumentException>(() => _mlContext.Transforms.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = hiddenLayers }).Fit(data));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
        return error.Message;
    }
}
