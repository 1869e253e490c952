using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>The examples in the documentation of the ONNX package run as they stand there.</summary>
public class DocumentedExamplesTests
{
    [Fact]
    public void Network_to_a_stream()
    {
        var network = Network.Create(inputShape: 4, [new DenseLayer(8, Activation.ReLU), new DenseLayer(3, Activation.Softmax)], seed: 1);
        using var stream = new MemoryStream();
        network.SaveOnnx(stream);
        Assert.NotEqual(0, stream.Length);
    }

    [Fact]
    public void Model_to_a_file()
    {
        var mlContext = new MLContext(seed: 1);
        var model = mlContext.Transforms.DenseNeuralNet(numberOfEpochs: 1).Fit(mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(i => new Row { Features = [i, i % 3], Label = i })));
        try
        {
            model.GetDenseNeuralNet().SaveOnnx("network.onnx");
            Assert.True(File.Exists("network.onnx"));
        }
        finally
        {
            File.Delete("network.onnx");
        }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
