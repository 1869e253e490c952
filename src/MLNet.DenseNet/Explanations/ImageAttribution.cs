using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Explanations;

/// <summary>An image as a network takes it, (height x width x channels), with what each of its values adds to an output.</summary>
internal sealed record ImageAttribution(float[] Image, float[] Contributions, int Height, int Width)
{
    /// <param name="model">The model.</param>
    /// <param name="image">As the feature column has it.</param>
    /// <param name="output">Which output; null for the highest, or the score of an anomaly detection.</param>
    /// <returns>Null where the model takes no images.</returns>
    /// <exception cref="ArgumentException">The image has another size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    public static ImageAttribution? Of(IDenseNeuralNetModel model, IReadOnlyList<float> image, int? output)
    {
        var network = model.Network;
        var shape = network.InputShape.Dimensions;
        if (shape.Length != 3)
            return null;
        if (image.Count != network.InputShape.Size)
            throw new ArgumentException($"The image has {image.Count} values; the model takes {network.InputShape}.", nameof(image));
        if (output < 0 || output >= network.OutputShape.Size)
            throw new ArgumentOutOfRangeException(nameof(output), output, $"The model has the outputs 0 to {network.OutputShape.Size - 1}.");
        var values = new VBuffer<float>(image.Count, [.. image]);
        var contributions = default(VBuffer<float>);
        var explain = output is null
            ? ((IFeatureContributionMapper)model).GetFeatureContributionMapper<VBuffer<float>, VBuffer<float>>(image.Count, image.Count, normalize: false)
            : ContributionMapper.Create(network, model.Layout.Planes, output, image.Count, image.Count, normalize: false);
        explain(in values, ref contributions);
        return new ImageAttribution(InOrder(values, model.Layout.Planes), InOrder(contributions, model.Layout.Planes), shape[0], shape[1]);
    }

    private static float[] InOrder(VBuffer<float> values, int planes) => [.. (ChannelsLast.For(planes)?.Of(in values) ?? values).DenseValues()];
}
