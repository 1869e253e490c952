using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

internal sealed class Softmax() : Activation("softmax")
{
    internal override bool IsForOutputs => true;

    internal override bool NeedsWholeRows => true;

    internal override OnnxRows ToOnnx(OnnxRows sums) => sums.MapChannelsLast(z => sums.Graph.Node("Softmax", [z], ("axis", (long)sums.Rank)));

    internal override unsafe void Forward(float* sums, float* outputs, int units, MatrixPart part)
    {
        for (var row = part.FirstRow; row < part.EndRow; row++)
            SoftmaxFunction.Apply(sums + row * units, outputs + row * units, units);
    }

    /// <summary>dL/dz_j = y_j (dL/dy_j - sum over k of dL/dy_k y_k).</summary>
    internal override unsafe void Backward(float* kept, float* gradient, int units, MatrixPart part)
    {
        for (var row = part.FirstRow; row < part.EndRow; row++)
        {
            var y = kept + row * units;
            var g = gradient + row * units;
            var mean = 0f;
            for (var j = 0; j < units; j++)
                mean += g[j] * y[j];
            for (var j = 0; j < units; j++)
                g[j] = y[j] * (g[j] - mean);
        }
    }
}
