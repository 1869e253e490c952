namespace MLNet.DenseNet.Engine.Tests.Gradients;

/// <summary>
/// A loss as a user would write it: the mean over outputs of -(1 - q)^focus ln q, where q is the probability of the right side.
/// Lin and others, "Focal loss for dense object detection" (2017).
/// </summary>
internal sealed class FocalLoss(double focus) : CustomLoss(Activation.Sigmoid)
{
    public double Focus { get; } = focus;

    protected override double Compute(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target, Span<float> gradient)
    {
        double sum = 0;
        for (var j = 0; j < prediction.Length; j++)
        {
            var sign = target[j] == 1 ? 1 : -1;
            var q = 1 / (1 + Math.Exp(-sign * (double)prediction[j]));
            sum -= Math.Pow(1 - q, Focus) * Math.Log(q);
            var slope = Math.Pow(1 - q, Focus) * (Focus * q * Math.Log(q) - (1 - q));
            gradient[j] = (float)(sign * slope / prediction.Length);
        }

        return sum / prediction.Length;
    }
}
