using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The softmax of one row, e^z_j / sum over k of e^z_k. The largest logit is subtracted from all, so that no finite logit overflows.</summary>
internal static class SoftmaxFunction
{
    /// <summary>Fills the probabilities, which may be the logits' own memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Apply(float* logits, float* probabilities, int length)
    {
        var largest = ArgMax.Of(new ReadOnlySpan<float>(logits, length));
        var sum = new LogSumExp<Scalar>(new Scalar(logits[largest]));
        Elementwise.Map(new ShiftedExp(logits[largest]), logits, probabilities, length, MatrixPart.Whole(1, length));
        for (var j = 0; j < length; j++)
            sum.Add(new Scalar(probabilities[j]), isOther: Scalar.Mask(j != largest));

        // The exponential of a finite largest logit is 1. Otherwise it is not-a-number, and so is every probability.
        Elementwise.Scale(1 / (probabilities[largest] + sum.Others.Value), probabilities, length);
    }

    private readonly struct ShiftedExp(float shift) : IUnaryOperator
    {
        private readonly float _shift = shift;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TV Invoke<TV>(TV x) where TV : struct, ISimd<TV> => ElementaryFunctions.Exp(x - TV.Broadcast(_shift));
    }
}
