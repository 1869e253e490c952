using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Trains a regression as if its targets had mean 0 and variance 1, while losses and predictions stay in the targets' own units: an output y of the network
/// stands for y * scale + mean, and the gradient comes back as that of a loss of standardized targets. Afterwards the last layer takes both over.
/// </summary>
/// <param name="means">(outputs).</param>
/// <param name="scales">(outputs), each above 0.</param>
internal sealed class TargetScaling(float[] means, float[] scales)
{
    /// <summary>From outputs to predictions.</summary>
    /// <param name="outputs">(rows x outputs), changed in place.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ToPredictions(Span<float> outputs)
    {
        for (var (i, j) = (0, 0); i < outputs.Length; i++, j = j + 1 == scales.Length ? 0 : j + 1)
            outputs[i] = MathF.FusedMultiplyAdd(outputs[i], scales[j], means[j]);
    }

    /// <summary>From the gradient of predictions to that of outputs under a loss of standardized targets.</summary>
    /// <param name="gradient">(rows x outputs), changed in place.</param>
    /// <param name="loss">The loss of predictions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ToOutputGradient(Span<float> gradient, Loss loss)
    {
        for (var (i, j) = (0, 0); i < gradient.Length; i++, j = j + 1 == scales.Length ? 0 : j + 1)
            gradient[i] /= loss.Slope(scales[j]);
    }

    /// <summary>Makes a network whose outputs were trained put out predictions.</summary>
    public void Fold(Network network) => Transform(network, scales, means);

    /// <summary>The reverse: makes a network that puts out predictions one to go on training from.</summary>
    public void Unfold(Network network) => Transform(
        network, Array.ConvertAll(scales, scale => 1 / scale), [.. means.Zip(scales, (mean, scale) => -mean / scale)]);

    private static void Transform(Network network, float[] factors, float[] shifts)
    {
        foreach (var member in network.Members)
            DenseLayer.TransformOutputs(member.Layers[^1], factors, shifts);
    }
}
