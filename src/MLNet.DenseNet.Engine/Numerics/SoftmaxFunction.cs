using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The softmax of one row, e^z_j / sum over k of e^z_k, shifted by the largest so that no finite logit overflows.</summary>
internal static class SoftmaxFunction
{
    /// <summary>Fills the probabilities, which may be the logits' own span.</summary>
    /// <returns>The largest logit, and the sum of e^(z - largest) over the other ones: ln(sum of e^z) is Largest + ln(1 + Others).</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Largest, float Others) Apply(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        var largest = IndexOfLargest(logits);
        var maximum = logits[largest];
        Elementwise.Map(new ShiftedExp(maximum), logits, probabilities);
        var others = 0f;
        for (var j = 0; j < probabilities.Length; j++)
            others += j == largest ? 0 : probabilities[j];
        Elementwise.Map(new Scale(1 / (probabilities[largest] + others)), probabilities, probabilities);
        return (maximum, others);
    }

    /// <summary>The first of the largest elements: the class that a row of scores predicts.</summary>
    public static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        var largest = 0;
        for (var j = 1; j < values.Length; j++)
        {
            if (values[j] > values[largest])
                largest = j;
        }

        return largest;
    }

    private readonly struct ShiftedExp(float shift) : IUnaryOperator
    {
        private readonly float _shift = shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV x) where TV : struct, ISimd<TV> => ElementaryFunctions.Exp(x - TV.Broadcast(_shift));
    }

    private readonly struct Scale(float factor) : IUnaryOperator
    {
        private readonly float _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV x) where TV : struct, ISimd<TV> => x * TV.Broadcast(_factor);
    }
}
