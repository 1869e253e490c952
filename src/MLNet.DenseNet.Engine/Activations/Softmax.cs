using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class Softmax() : Activation("softmax")
{
    internal override void Forward(ReadOnlySpan<float> sums, Span<float> outputs, int units)
    {
        for (var start = 0; start < sums.Length; start += units)
            SoftmaxFunction.Apply(sums.Slice(start, units), outputs.Slice(start, units));
    }

    /// <summary>dL/dz_j = y_j (dL/dy_j - sum over k of dL/dy_k y_k).</summary>
    internal override void Backward(ReadOnlySpan<float> kept, Span<float> gradient, int units)
    {
        for (var start = 0; start < kept.Length; start += units)
        {
            var y = kept.Slice(start, units);
            var g = gradient.Slice(start, units);
            var mean = 0f;
            for (var j = 0; j < units; j++)
                mean += g[j] * y[j];
            for (var j = 0; j < units; j++)
                g[j] = y[j] * (g[j] - mean);
        }
    }
}
