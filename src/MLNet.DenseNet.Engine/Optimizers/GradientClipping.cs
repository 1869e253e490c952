using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Limits gradients before a step: each value to [-value, value], then the L2 norm of all values together to at most norm.</summary>
/// <remarks>
/// Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (2013), algorithm 1, as in PyTorch's clip_grad_norm_, which
/// divides by norm + 1e-6 where the paper divides by the norm.
/// </remarks>
/// <param name="norm">The largest norm; null for no limit.</param>
/// <param name="value">The largest magnitude of a value; null for no limit.</param>
/// <param name="length">How many gradients there are.</param>
internal sealed class GradientClipping(float? norm, float? value, int length)
{
    private const double Epsilon = 1e-6;

    private readonly SumOfSquares? _squares = norm is null ? null : new SumOfSquares(length);

    /// <summary>Whether anything is limited.</summary>
    public bool IsActive => norm is not null || value is not null;

    /// <summary>Changes the gradients in place.</summary>
    /// <param name="gradients">The gradients of all parameters.</param>
    /// <param name="filled">The segments that hold gradients, in order; all others are 0.</param>
    /// <param name="team">The threads that share the work; null for the caller alone.</param>
    public unsafe void Apply(AlignedBuffer gradients, ReadOnlySpan<Segment> filled, ThreadTeam? team)
    {
        if (value is { } limit)
        {
            foreach (var segment in filled)
                Elementwise.Run(new Limit(limit, gradients.Pointer + segment.First), segment.Length);
        }

        if (_squares is null)
            return;

        var sumOfSquares = 0.0;
        foreach (var segment in filled)
            sumOfSquares += _squares.Of(gradients.Span.Slice(segment.First, segment.Length), team);
        var factor = norm!.Value / (Math.Sqrt(sumOfSquares) + Epsilon);
        if (factor >= 1)
            return;
        foreach (var segment in filled)
            Elementwise.Scale((float)factor, gradients.Pointer + segment.First, segment.Length);
    }

    private readonly unsafe struct Limit(float limit, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => ElementaryFunctions.Clamp(TV.Load(values + index), -limit, limit).Store(values + index);
    }
}
