using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The positions of an input along one dimension that have the same remainder by the stride, counted with the padding before them: i = stride * q + remainder - before. The tap k of the window sees
/// such a position where k * dilation has that remainder too, and then from the output at q - (k * dilation - remainder) / stride.
/// </summary>
/// <param name="First">The first of these positions.</param>
/// <param name="Step">From one to the next: the stride.</param>
/// <param name="Count">How many there are.</param>
/// <param name="FirstOutput">The q of the first one.</param>
/// <param name="WindowPositions">The taps that see them.</param>
/// <param name="Distances">For each of these taps, how far before q its output is.</param>
internal readonly record struct AxisPhase(int First, int Step, int Count, int FirstOutput, int[] WindowPositions, int[] Distances)
{
    /// <summary>All phases that have positions and taps, in order of their first position. Where the stride is larger than the window, there are phases without taps, whose gradient is 0.</summary>
    public static AxisPhase[] Of(WindowAxis axis)
    {
        var taps = new SortedDictionary<int, List<int>>();
        for (var tap = 0; tap < axis.Window; tap++)
        {
            var first = FirstOf(axis, tap);
            if (first >= axis.Input)
                continue;
            if (!taps.TryGetValue(first, out var ofPhase))
                taps.Add(first, ofPhase = []);
            ofPhase.Add(tap);
        }

        return [.. taps.Select(phase =>
        {
            var (output, remainder) = Math.DivRem(phase.Key + axis.Before, axis.Stride);
            return new AxisPhase(phase.Key, axis.Stride, (axis.Input - phase.Key - 1) / axis.Stride + 1, output, [.. phase.Value], [.. phase.Value.Select(tap => (tap * axis.Dilation - remainder) / axis.Stride)]);
        })];
    }

    /// <summary>How many zeros before and after the outputs the phases ask for.</summary>
    public static (int Before, int After) Border(WindowAxis axis)
    {
        // Later taps see outputs further before, so the last tap that has a phase asks for most before, and the first one for most after.
        var (first, last) = (0, axis.Window - 1);
        while (last >= 0 && FirstOf(axis, last) >= axis.Input)
            last--;
        while (first < last && FirstOf(axis, first) >= axis.Input)
            first++;
        if (last < 0)
            return (0, 0);
        var nearest = Distance(axis, first);
        var count = (axis.Input - FirstOf(axis, first) - 1) / axis.Stride + 1;
        return (Math.Max(0, Distance(axis, last)), Math.Max(0, count - nearest - axis.Output));
    }

    /// <summary>The first position, counted on from 0, that has the remainder of a tap. It may be beyond the input.</summary>
    private static int FirstOf(WindowAxis axis, int tap)
    {
        var first = (tap * axis.Dilation - axis.Before) % axis.Stride;
        return first < 0 ? first + axis.Stride : first;
    }

    /// <summary>How far before the first output of its phase a tap sees.</summary>
    private static int Distance(WindowAxis axis, int tap) => (tap * axis.Dilation - axis.Before - FirstOf(axis, tap)) / axis.Stride;

    /// <summary>The way over the bordered gradient.</summary>
    /// <param name="before">Zeros before it.</param>
    public WindowPath Path(int before) => new(FirstOutput + before, 1, Count, [.. Distances.Select(distance => -distance)]);
}
