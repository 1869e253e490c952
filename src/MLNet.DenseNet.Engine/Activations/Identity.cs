namespace MLNet.DenseNet.Engine;

internal sealed class Identity() : Activation("identity")
{
    internal override void Forward(ReadOnlySpan<float> sums, Span<float> outputs, int units)
    {
        if (sums != outputs)
            sums.CopyTo(outputs);
    }

    internal override void Backward(ReadOnlySpan<float> kept, Span<float> gradient, int units)
    {
    }
}
