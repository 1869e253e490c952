using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Standardizes the targets of a regression, so that it is trained on mean 0 and variance 1 whatever their units. While it is trained, an output y of the network stands for y * scale + mean; at
/// the end both are folded into the last layer. Computed in float64, so that nothing overflows or vanishes that float32 can hold.
/// </summary>
/// <param name="means">(outputs).</param>
/// <param name="scales">(outputs), each above 0; or 0 for an output whose targets are all the same. It then predicts their mean, whatever the network puts out.</param>
internal sealed class TargetScaling(double[] means, double[] scales)
{
    /// <summary>(outputs).</summary>
    public ReadOnlySpan<double> Scales => scales;

    /// <summary>For the targets of a training.</summary>
    /// <param name="targets">Those of the rows learned from.</param>
    /// <param name="loss">The loss. One that takes the targets' own units may mean anything by a target that is always the same, so such an output is only shifted.</param>
    /// <param name="trained">The network as it was trained before; null to begin anew.</param>
    public static TargetScaling For(TargetStatistics targets, Loss loss, Network? trained)
    {
        var scales = targets.Deviations();
        for (var output = 0; output < scales.Length; output++)
        {
            // A network that is trained further keeps what it knows, even where these rows all have the same target; its weights tell the unit.
            if (scales[output] == 0)
                scales[output] = loss.TakesOwnUnits ? 1 : trained is null ? 0 : OutputSums.Of(trained.Members[0].Layers[^1]).Scale(output);
        }

        return new TargetScaling(targets.Means.ToArray(), scales);
    }

    /// <summary>A target with mean 0 and variance 1, of an output whose scale is not 0.</summary>
    public float Standardize(float target, int output) => (float)((target - means[output]) / scales[output]);

    /// <summary>Makes the targets of an output whose scale is 0 their deviations from the mean, divided by the largest of these.</summary>
    /// <param name="targets">Changed in place.</param>
    /// <param name="output">Which output.</param>
    /// <returns>The largest deviation; 0 where all are the mean.</returns>
    public double StandardizeConstant(Span<float> targets, int output)
    {
        var largest = 0.0;
        foreach (var target in targets)
            largest = Math.Max(largest, Math.Abs(target - means[output]));
        foreach (ref var target in targets)
            target = largest == 0 ? 0 : (float)((target - means[output]) / largest);
        return largest;
    }

    /// <summary>What an output stands for, in the target's own unit.</summary>
    public double ToPrediction(float value, int output) => value * scales[output] + means[output];

    /// <summary>(inputs x outputs): the last layer's weights as <see cref="Fold"/> makes them.</summary>
    public float[] InOwnUnits(Parameter weights) => [.. weights.ToArray().Select((weight, i) => FiniteValues.Nearest(weight * scales[i % scales.Length]))];

    /// <summary>Makes a network whose outputs were trained put out predictions.</summary>
    public void Fold(Network network) => Transform(network, scales, means);

    /// <summary>The reverse: makes a network that puts out predictions one to go on training from.</summary>
    public void Unfold(Network network) => Transform(
        network, Array.ConvertAll(scales, scale => scale == 0 ? 0 : 1 / scale), [.. means.Zip(scales, (mean, scale) => scale == 0 ? 0 : -mean / scale)]);

    private static void Transform(Network network, double[] factors, double[] shifts)
    {
        foreach (var member in network.Members)
            OutputSums.Of(member.Layers[^1]).Transform(factors, shifts);
    }
}
