using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Explanations;

/// <summary>An image as a network takes it, (height x width x channels), with what each of its values adds to an output.</summary>
internal sealed record ImageAttribution(float[] Image, float[] Contributions, int Height, int Width)
{
    /// <param name="model">The model.</param>
    /// <param name="image">As the feature column has it.</param>
    /// <param name="output">Which output, as <see cref="ExplainedOutput"/> has it.</param>
    /// <returns>Null where the model takes no images.</returns>
    /// <exception cref="ArgumentException">The image has another size, or the model has several numbers as outputs and none is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    public static ImageAttribution? Of(IDenseNeuralNetModel model, IReadOnlyList<float> image, int? output)
    {
        var network = model.Network;
        var shape = network.InputShape.Dimensions;
        if (shape.Length != 3)
            return null;
        if (image.Count != network.InputShape.Size)
            throw new ArgumentException($"The image has {image.Count} values; the model takes {network.InputShape}.", nameof(image));
        var explained = (IFeatureContributionMapper)ExplainedOutput.Of(model, output);
        var values = new VBuffer<float>(image.Count, [.. image]);
        var contributions = default(VBuffer<float>);
        explained.GetFeatureContributionMapper<VBuffer<float>, VBuffer<float>>(image.Count, image.Count, normalize: false)(in values, ref contributions);
        return new ImageAttribution(InOrder(values, model.Layout.Planes), InOrder(contributions, model.Layout.Planes), shape[0], shape[1]);
    }

    private static float[] InOrder(VBuffer<float> values, int planes) => [.. new ChannelsLast(planes).Of(in values).DenseValues()];
}
