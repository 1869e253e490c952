using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A window's way along one dimension: window o covers positions o * stride + tap - before of the input, where there are such, for each tap of the window.</summary>
/// <param name="Input">Positions of the input.</param>
/// <param name="Window">Positions of the window, its taps.</param>
/// <param name="Stride">From one position of the window to the next.</param>
/// <param name="Before">Positions added before the input; fewer than the window has.</param>
/// <param name="Output">Windows, which are positions of the output. Each covers at least one of the input.</param>
internal readonly record struct PoolingAxis(int Input, int Window, int Stride, int Before, int Output)
{
    /// <summary>Whether windows lie side by side from the first position on, so that each position of the input is covered by one window or, in a rest at the end, by none.</summary>
    public bool IsTiled => Stride == Window && Before == 0 && (long)Output * Window <= Input;

    /// <summary>The windows that cover the first position of the input.</summary>
    public CoveringWindows CoveringFirst => new(Before, 0, Math.Min(Before / Stride + 1, Output));

    /// <summary>The positions of the input that a window covers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CoveredPositions CoveredBy(int window)
    {
        var start = window * Stride - Before;
        var first = Math.Max(start, 0);
        return new(first, Math.Min(start + Window, Input) - first, first - start);
    }

    /// <summary>The windows that cover the next position of the input. Step by step, since a division for each position would be felt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CoveringWindows Next(in CoveringWindows windows)
    {
        var place = windows.Place + 1;
        return new(place, place - windows.First * Stride < Window ? windows.First : windows.First + 1, windows.End == Output || place < windows.End * Stride ? windows.End : windows.End + 1);
    }

    /// <summary>Positions of the input that a window covers.</summary>
    /// <param name="First">The first of them.</param>
    /// <param name="Count">How many.</param>
    /// <param name="Tap">The tap at the first one; the next tap is at the next one.</param>
    public readonly record struct CoveredPositions(int First, int Count, int Tap);

    /// <summary>Windows that cover a position of the input: window o by tap place - o * stride.</summary>
    /// <param name="Place">The position of the input, counted from the first padded one.</param>
    /// <param name="First">The first of them.</param>
    /// <param name="End">The one after the last; not above the first where there is none.</param>
    public readonly record struct CoveringWindows(int Place, int First, int End);
}
