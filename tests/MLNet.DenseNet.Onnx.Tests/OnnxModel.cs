using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>An ONNX model as a user would run it.</summary>
internal sealed class OnnxModel(byte[] file) : IDisposable
{
    private readonly InferenceSession _session = new(file);

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    public static OnnxModel Of(IOnnxExportable model)
    {
        using var stream = new MemoryStream();
        model.SaveOnnx(stream);
        return new OnnxModel(stream.ToArray());
    }

    /// <summary>All outputs for rows of the only input, row-major.</summary>
    public IReadOnlyDictionary<string, float[]> Run(float[] rows)
    {
        var (name, input) = Inputs.Single();
        int[] dimensions = [rows.Length / input.Dimensions[1..].Aggregate(1, (a, b) => a * b), .. input.Dimensions[1..]];
        using var results = _session.Run([NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(rows, dimensions))]);
        return results.ToDictionary(result => result.Name, result => result.AsEnumerable<float>().ToArray());
    }

    public void Dispose() => _session.Dispose();
}
