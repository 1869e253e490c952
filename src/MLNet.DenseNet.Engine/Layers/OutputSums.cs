using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>What the last layer of a network makes its outputs of: weighted sums, also those beside the sums of a <see cref="WideAndDeepLayer"/>.</summary>
/// <param name="Weights">Each (inputs x outputs).</param>
/// <param name="Bias">(outputs).</param>
internal readonly record struct OutputSums(IReadOnlyList<Parameter> Weights, Parameter Bias)
{
    /// <param name="last">A dense layer in its network, or a wide and deep one that ends in such a layer.</param>
    public static OutputSums Of(NetworkLayer last)
    {
        if (last.Layer is not WideAndDeepLayer)
            return new([last.Parameter(0)], last.Parameter(1));
        var deep = Of(last.Inner[^1]);
        return deep with { Weights = [last.Parameter(0), .. deep.Weights] };
    }

    /// <summary>Changes weights and bias so that each output's sum becomes sum * factor + shift.</summary>
    /// <param name="factors">(outputs).</param>
    /// <param name="shifts">(outputs).</param>
    public void Transform(double[] factors, double[] shifts)
    {
        foreach (var weights in Weights)
            weights.Set([.. weights.ToArray().Select((weight, i) => FiniteValues.Nearest(weight * factors[i % factors.Length]))]);
        Bias.Set([.. Bias.ToArray().Select((bias, output) => FiniteValues.Nearest(bias * factors[output] + shifts[output]))]);
    }

    /// <summary>The L2 norm of an output's weights, which is the scale of its values where inputs are about 1.</summary>
    public double Scale(int output)
    {
        var (sum, outputs) = (0.0, Bias.Shape.Size);
        foreach (var weights in Weights)
        {
            var values = weights.ToArray();
            for (var i = output; i < values.Length; i += outputs)
                sum += (double)values[i] * values[i];
        }

        return Math.Sqrt(sum);
    }
}
