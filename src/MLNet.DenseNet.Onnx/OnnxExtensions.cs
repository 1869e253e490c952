using Google.Protobuf;
using MLNet.DenseNet.Onnx;

namespace MLNet.DenseNet;

/// <summary>Writes networks and trained models as ONNX files, which ONNX Runtime and many others run.</summary>
/// <remarks>
/// A network has the input "input", (batch x its input shape, channels last), and the output "output", (batch x its output shape). A trained model has the input "features", (batch x the feature column's size, as the column gives them),
/// and the output "score": numbers of a regression, probabilities of classes, logits of a binary or multi-label classification, which also has "probability". A batch may have any number of rows from one on. Operators are those of version 12 of the standard. Results are the same but for rounding, and for sums beyond the range of float32,
/// which predictions here limit to the largest finite number; a layer normalization squares there in float32, too. A number that an embedding has no vector for is an error here; there, fractions are cut off and -1 is the last vector.
/// Of a model that takes keys, "features" are their numbers, from 1, and 0 for a missing one.
/// </remarks>
public static class OnnxExtensions
{
    /// <summary>Writes an ONNX model to a stream.</summary>
    /// <param name="model">A network or a trained model.</param>
    /// <param name="stream">A writable stream, left open.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">The weights take more than the 2 GiB that an ONNX file holds.</exception>
    /// <example>
    /// <code>
    /// var network = Network.Create(inputShape: 4, [new DenseLayer(8, Activation.ReLU), new DenseLayer(3, Activation.Softmax)], seed: 1);
    /// using var stream = new MemoryStream();
    /// network.SaveOnnx(stream);
    /// </code>
    /// </example>
    public static void SaveOnnx(this IOnnxExportable model, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(stream);
        OnnxFile.Of(model.ToOnnx()).WriteTo(stream);
    }

    /// <summary>Writes an ONNX model to a file, which is created, with its folder, or replaced.</summary>
    /// <param name="model">A network or a trained model.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">The weights take more than the 2 GiB that an ONNX file holds.</exception>
    /// <example>
    /// <code>
    /// model.GetDenseNeuralNet().SaveOnnx("network.onnx");
    /// </code>
    /// </example>
    public static void SaveOnnx(this IOnnxExportable model, string path)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(path);
        // Made first, so that a failure leaves a file as it was.
        var file = OnnxFile.Of(model.ToOnnx());
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
        using var stream = File.Create(path);
        file.WriteTo(stream);
    }
}
