using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine;

/// <summary>The share of rows classified right, by example and class weights. With balanced class weights it is the mean over classes of the share of their rows, the balanced accuracy.</summary>
/// <param name="classFactors">What a row's weight is multiplied by, for each class.</param>
/// <param name="threshold">Above it, a single output means the second class.</param>
internal sealed class ClassWeightedMetric(float[] classFactors, float threshold)
{
    private double _right;
    private double _total;

    /// <summary>Of all rows added since the latest <see cref="Clear"/>; null where none of them weighs anything.</summary>
    public double? Value => _total > 0 ? _right / _total : null;

    public void Clear() => _right = _total = 0;

    /// <param name="predictions">(rows x outputs).</param>
    /// <param name="targets">(rows x outputs), of a classification.</param>
    /// <param name="weights">(rows), without class weights, or empty.</param>
    /// <param name="outputs">Outputs a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> predictions, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, int outputs)
    {
        for (var row = 0; row * outputs < predictions.Length; row++)
        {
            var actual = Accuracy.ClassOf(targets.Slice(row * outputs, outputs), Accuracy.TargetThreshold);
            var weight = classFactors[actual] * (weights.IsEmpty ? 1.0 : weights[row]);
            _total += weight;
            if (Accuracy.ClassOf(predictions.Slice(row * outputs, outputs), threshold) == actual)
                _right += weight;
        }
    }
}
