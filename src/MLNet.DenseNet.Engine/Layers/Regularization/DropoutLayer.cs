using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet;

/// <summary>
/// Dropout: while training, sets each input to 0 with a probability of <see cref="Rate"/> and divides the others by the probability
/// of being kept, so that the expectation stays the same (inverted dropout). At prediction it changes nothing.
/// </summary>
/// <remarks>Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting" (2014).</remarks>
public sealed class DropoutLayer : Layer
{
    /// <summary>A layer that drops a share of its inputs.</summary>
    /// <param name="rate">The probability of dropping an input, in [0, 1); 0 drops none. It is rounded to a multiple of 2^-16, both for drawing and for scaling the others.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public DropoutLayer(float rate)
    {
        if (rate is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(rate), FormattableString.Invariant($"A dropout rate must be in [0, 1); {rate} was given."));
        Rate = rate;
    }

    /// <summary>The probability of dropping an input.</summary>
    public float Rate { get; }

    /// <summary>Such as "Dropout 0.5".</summary>
    public override string ToString() => FormattableString.Invariant($"Dropout {Rate}");

    internal static Layer Read(BinaryReader reader) => new DropoutLayer(reader.ReadSingle());

    /// <summary>float32 rate.</summary>
    internal override void Write(BinaryWriter writer) => writer.Write(Rate);

    internal override Shape OutputShape(Shape input) => input;

    internal override LayerPasses Bind(NetworkLayer layer) => new Passes(Rate, layer.Index);

    /// <summary>The mask depends on seed, layer and step alone, so the backward pass draws the same one again instead of keeping it.</summary>
    private sealed class Passes(float rate, int layer) : LayerPasses
    {
        private readonly uint _dropBelow = Math.Min((uint)MathF.Round(rate * RandomMask.Values), RandomMask.Values - 1);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Forward(in ForwardPass pass)
        {
            var isDropping = pass.Training is not null && rate > 0;
            if (!isDropping || !pass.Input.IsContiguous)
                pass.Input.CopyTo(pass.Output);
            if (isDropping)
                Mask(pass.Training!.Value, pass.Input.IsContiguous ? pass.Input.Span : pass.Output, pass.Output);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Backward(in BackwardPass pass)
        {
            if (pass.InputGradient.IsEmpty)
                return;
            if (rate > 0)
                Mask(pass.Training, pass.OutputGradient, pass.InputGradient);
            else
                pass.OutputGradient.CopyTo(pass.InputGradient);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private void Mask(TrainingStep step, ReadOnlySpan<float> source, Span<float> destination)
        {
            const int ElementsAtOnce = 32 * RandomMask.Elements;
            const int WordsAtOnce = ElementsAtOnce / RandomMask.Elements * RandomMask.Words;
            var random = new RandomBits((ulong)step.Seed, RandomStreams.Dropout(layer, step.Number));
            // Of the rounded probability, which is the one drawn with: so the expectation is exact.
            var scale = RandomMask.Values / (float)(RandomMask.Values - _dropBelow);
            Span<uint> words = stackalloc uint[WordsAtOnce];
            for (var i = 0; i < source.Length; i += ElementsAtOnce)
            {
                var count = Math.Min(ElementsAtOnce, source.Length - i);
                random.Fill(words[..((count + RandomMask.Elements - 1) / RandomMask.Elements * RandomMask.Words)], (ulong)(i / ElementsAtOnce * (WordsAtOnce / RandomBits.WordsOfPosition)));
                RandomMask.Apply(words, _dropBelow, scale, source.Slice(i, count), destination.Slice(i, count));
            }
        }
    }
}
