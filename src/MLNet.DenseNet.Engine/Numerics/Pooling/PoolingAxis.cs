using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A window's way along one dimension: position o of the output sees positions o * stride + tap - before of the input, where there are such, for each tap of the window.</summary>
/// <param name="Input">Positions of the input.</param>
/// <param name="Window">Positions of the window, its taps.</param>
/// <param name="Stride">From one position of the window to the next.</param>
/// <param name="Before">Positions added before the input; fewer than the window has.</param>
/// <param name="Output">Positions of the output, each of which sees at least one of the input.</param>
internal readonly record struct PoolingAxis(int Input, int Window, int Stride, int Before, int Output)
{
    /// <summary>Whether windows lie side by side from the first position on, so that each position of the input is seen by one window or, in a rest at the end, by none.</summary>
    public bool IsTiled => Stride == Window && Before == 0 && (long)Output * Window <= Input;

    /// <summary>Who sees the first position of the input.</summary>
    public Seers FirstSeers => new(Before, 0, Math.Min(Before / Stride + 1, Output));

    /// <summary>What a position of the output sees.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Seen Sees(int position)
    {
        var start = position * Stride - Before;
        var first = Math.Max(start, 0);
        return new(first, Math.Min(start + Window, Input) - first, first - start);
    }

    /// <summary>Who sees the next position of the input. Step by step, since a division for each position would be felt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Seers Next(in Seers seers)
    {
        var place = seers.Place + 1;
        return new(place, place - seers.First * Stride < Window ? seers.First : seers.First + 1, seers.End == Output || place < seers.End * Stride ? seers.End : seers.End + 1);
    }

    /// <summary>Positions of the input that a position of the output sees.</summary>
    /// <param name="First">The first of them.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Tap">The tap that sees the first one; the next tap sees the next one.</param>
    public readonly record struct Seen(int First, int Count, int Tap);

    /// <summary>Positions of the output that see a position of the input: position o by tap place - o * stride.</summary>
    /// <param name="Place">The position of the input, counted from the first padded one.</param>
    /// <param name="First">The first of them.</param>
    /// <param name="End">The one after the last; not above the first where there is none.</param>
    public readonly record struct Seers(int Place, int First, int End);
}
