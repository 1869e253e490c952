using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>The guide's code that writes ONNX files.</summary>
public class GuideTests
{
    [Fact]
    public void Both_ways_write_a_file()
    {
        var before = Directory.GetCurrentDirectory();
        var folder = Directory.CreateTempSubdirectory("guide");
        Directory.SetCurrentDirectory(folder.FullName);
        try
        {
            var mlContext = new MLContext(seed: 1);
            var rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row { Features = [i % 7, i % 5], Label = i % 2 == 0 }));
            var split = mlContext.Data.TrainTestSplit(rows);
            var model = mlContext.Transforms.DenseNeuralNet(numberOfEpochs: 1).Fit(split.TrainSet);

            using (var stream = File.Create("pipeline.onnx"))
                mlContext.Model.ConvertToOnnx(model, split.TestSet, stream);
            model.GetDenseNeuralNet().SaveOnnx("network.onnx");

            using var pipeline = new OnnxModel(File.ReadAllBytes("pipeline.onnx"));
            Assert.Contains("Probability.output", pipeline.Outputs.Keys);
            using var network = new OnnxModel(File.ReadAllBytes("network.onnx"));
            Assert.Equal(["score", "probability"], network.Outputs.Keys);
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }
    }
}
