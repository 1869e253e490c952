using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.DenseNet.Onnx.Tests;

/// <summary>An ONNX model as a user would run it. Where the environment has a folder in ONNX_FILES, its file is kept there, for check.py.</summary>
internal sealed class OnnxModel : IDisposable
{
    private static int _kept;

    private readonly InferenceSession _session;

    public OnnxModel(byte[] file)
    {
        if (Environment.GetEnvironmentVariable("ONNX_FILES") is { } folder)
            File.WriteAllBytes(Path.Combine(folder, $"{TestName} {Interlocked.Increment(ref _kept)}.onnx"), file);
        _session = new InferenceSession(file);
    }

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>The running test's, with its arguments, as far as a file can be called so.</summary>
    private static string TestName
    {
        get
        {
            var name = string.Concat((TestContext.Current.Test?.TestDisplayName ?? "").Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' ? letter : ' '));
            return name[..Math.Min(name.Length, 150)];
        }
    }

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
