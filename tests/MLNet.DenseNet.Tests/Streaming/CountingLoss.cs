namespace MLNet.DenseNet.Tests.Streaming;

/// <summary>A squared error that counts the rows trained on.</summary>
/// <param name="before">Called before the first row.</param>
internal sealed class CountingLoss(Action before) : CustomLoss
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public override string ToString() => "counted squared error";

    protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
    {
        if (_count == 0)
            before();
        Interlocked.Increment(ref _count);
        gradient[0] = 2 * (prediction[0] - target[0]);
        return gradient[0] * gradient[0] / 4;
    }
}
