namespace MLNet.DenseNet.Engine.Tests.Gradients;

/// <summary>A small batch; the weights are empty where all rows weigh the same.</summary>
internal sealed record Examples(int Rows, float[] Features, float[] Targets, float[] Weights)
{
    /// <summary>Random features, with targets that the loss is defined for.</summary>
    public static Examples For(Loss loss, int inputs, int outputs, bool weighted)
    {
        float[] weights = [1, 0.5f, 0, 2, 3];
        var targets = Samples.Numbers(weights.Length * outputs, seed: 11);
        if (loss is BinaryCrossEntropy or SoftmaxCrossEntropy or MulticlassHingeLoss)
            targets = [.. targets.Select(t => (t + 1) / 2)];
        if (loss is HingeLoss or FocalLoss)
            targets = [.. targets.Select(t => t > 0 ? 1f : 0)];
        if (loss is PoissonLoss or TweedieLoss)
            targets = [.. targets.Select(t => Math.Max(0, 5 * t))];
        if (loss is GammaLoss)
            targets = [.. targets.Select(t => MathF.Exp(2 * t))];
        if (loss is SoftmaxCrossEntropy)
            targets = [.. targets.Chunk(outputs).SelectMany(row => row.Select(t => t / row.Sum()))];
        return new Examples(weights.Length, Samples.Numbers(weights.Length * inputs, seed: 12), targets, weighted ? weights : []);
    }

    /// <summary>All rows but the last.</summary>
    public Examples WithoutLastRow() => new(
        Rows - 1, Features[..(Features.Length / Rows * (Rows - 1))], Targets[..(Targets.Length / Rows * (Rows - 1))], Weights[..^Math.Min(1, Weights.Length)]);
}
