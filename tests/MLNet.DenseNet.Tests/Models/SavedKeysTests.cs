using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Tests.HostileData;

namespace MLNet.DenseNet.Tests;

/// <summary>Files of models that take keys.</summary>
public sealed class SavedKeysTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    /// <summary>Versions of the library that know no keys refuse it.</summary>
    [Fact]
    public void A_file_is_of_version_3()
    {
        Save();
        var header = SavedModel.NetworkBytes(_path, out _).AsSpan();
        var at = header.IndexOf("DNN\0REGR"u8);
        Assert.Equal((0x00010003, 0x00010003), (BitConverter.ToInt32(header[(at + 8)..]), BitConverter.ToInt32(header[(at + 12)..])));
    }

    /// <summary>A file of the first version that has keys, two of three values.</summary>
    [Fact]
    public void A_model_of_version_3_scores_as_it_did()
    {
        var model = _mlContext.Model.Load(Path.Combine(ReadmeTests.Root, "tests", "MLNet.DenseNet.Tests", "SavedModels", "keys-version-3.model"), out _);
        Assert.Equal("6", model.GetDenseNeuralNet().Layers[0].InputShape.ToString());
        Assert.Equal([1.30403674f, 1.24455118f, 2.58500504f, 1.6701138f], model.Transform(Keys(4)).GetColumn<float>("Score"));
    }

    [Theory]
    [InlineData(2, 4, 0)]
    [InlineData(-1, 6, 0)]
    [InlineData(0, 3, 0)]
    [InlineData(-6, -1, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(65537, 65536, 0)]
    public void Keys_that_a_network_cannot_have_are_damage(int slots, int count, byte areNumbers)
    {
        Save();
        var bytes = SavedModel.NetworkBytes(_path, out var name);
        byte[] keys = [.. BitConverter.GetBytes(2), .. BitConverter.GetBytes(3), 0];
        byte[] wrong = [.. BitConverter.GetBytes(slots), .. BitConverter.GetBytes(count), areNumbers];
        wrong.CopyTo(bytes, bytes.AsSpan().LastIndexOf(keys));
        SavedModel.Replace(_path, name, bytes);

        var error = Assert.ThrowsAny<Exception>(() => _mlContext.Model.Load(_path, out _));
        Assert.Contains($"The saved model is damaged: its network takes 6 features, which are not those of {slots} keys of {count} values.", error.ToString(), StringComparison.Ordinal);
    }

    private static MadeDataView Keys(long rows) => new MadeDataView(rows)
        .Add("Features", new VectorDataViewType(new KeyDataViewType(typeof(uint), 3), 2), row => new VBuffer<uint>(2, [(uint)(row % 4), (uint)(row % 3)])).Add("Label", NumberDataViewType.Single, row => (float)(row % 4));

    private void Save()
    {
        var rows = Keys(60);
        _mlContext.Model.Save(_mlContext.Regression.Trainers.DenseNeuralNet(new DenseNeuralNetOptions { HiddenLayers = [3], NumberOfEpochs = 20, Seed = 1 }).Fit(rows), rows.Schema, _path);
    }
}
