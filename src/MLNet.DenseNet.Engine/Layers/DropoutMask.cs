using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The mask of inverted dropout: sets values to 0 with a given probability and divides the others by the probability of being kept. It depends on seed, layer and step alone, so that a backward
/// pass draws the same one again instead of keeping it.
/// </summary>
/// <param name="rate">The probability of dropping a value, in [0, 1).</param>
/// <param name="layer">The layer's index.</param>
/// <param name="firstPosition">Where its random bits begin: of a layer with several masks, each has bits of its own.</param>
internal readonly struct DropoutMask(float rate, int layer, ulong firstPosition = 0)
{
    private const int ElementsAtOnce = 32 * RandomMask.Elements;

    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen: it is drawn as well.
    private const long MultiplyAddsPerElement = 32;

    private readonly uint _dropBelow = Math.Min((uint)MathF.Round(rate * RandomMask.Values), RandomMask.Values - 1);

    /// <summary>Whether anything is dropped.</summary>
    /// <param name="step">The training step; null at prediction.</param>
    public bool Drops(TrainingStep? step) => rate > 0 && step is { IsFrozen: false };

    /// <summary>The rate, which a constructor was given.</summary>
    /// <param name="rate">In [0, 1).</param>
    /// <param name="name">The constructor's parameter.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public static float Checked(float rate, string name) =>
        rate is >= 0 and < 1 ? rate : throw new ArgumentOutOfRangeException(name, FormattableString.Invariant($"A dropout rate must be in [0, 1); {rate} was given."));

    /// <summary>Drops values of a batch.</summary>
    /// <param name="step">The training step.</param>
    /// <param name="source">(count).</param>
    /// <param name="destination">(count); may be the source.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Apply(TrainingStep step, ReadOnlySpan<float> source, Span<float> destination, ThreadTeam? team)
    {
        Lengths.Check(destination.Length, source.Length);
        fixed (float* x = source, y = destination)
        {
            var shares = RangeShares.For(team, source.Length * MultiplyAddsPerElement, source.Length, ElementsAtOnce);
            shares.Run(new Work(this, step, x, y), team);
        }
    }

    /// <summary>Drops values from one on, which is a multiple of <see cref="ElementsAtOnce"/>: whoever draws them, they are the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(TrainingStep step, int first, ReadOnlySpan<float> source, Span<float> destination)
    {
        const int WordsAtOnce = ElementsAtOnce / RandomMask.Elements * RandomMask.Words;
        var random = new RandomBits((ulong)step.Seed, RandomStreams.Dropout(layer, step.Number));
        // Of the rounded probability, which is the one drawn with: so the expectation is exact.
        var scale = RandomMask.Values / (float)(RandomMask.Values - _dropBelow);
        Span<uint> words = stackalloc uint[WordsAtOnce];
        for (var i = 0; i < source.Length; i += ElementsAtOnce)
        {
            var count = Math.Min(ElementsAtOnce, source.Length - i);
            var position = firstPosition + (ulong)((first + i) / ElementsAtOnce * (WordsAtOnce / RandomBits.WordsOfPosition));
            random.Fill(words[..((count + RandomMask.Elements - 1) / RandomMask.Elements * RandomMask.Words)], position);
            RandomMask.Apply(words, _dropBelow, scale, source.Slice(i, count), destination.Slice(i, count));
        }
    }

    private readonly unsafe struct Work(DropoutMask mask, TrainingStep step, float* source, float* destination) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int first, int end)
        {
            mask.Apply(step, first, new ReadOnlySpan<float>(source + first, end - first), new Span<float>(destination + first, end - first));
        }
    }
}
