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
    /// <summary>All phases that have positions and taps, in order of their first position. A stride may be far larger than the window: all other phases see nothing.</summary>
    public static AxisPhase[] Of(WindowAxis axis)
    {
        var taps = new SortedDictionary<int, List<int>>();
        for (var tap = 0; tap < axis.Window; tap++)
        {
            var first = (int)((((long)tap * axis.Dilation - axis.Before) % axis.Stride + axis.Stride) % axis.Stride);
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
    public static (int Before, int After) Border(AxisPhase[] phases, WindowAxis axis)
    {
        var (before, after) = (0, 0);
        foreach (var phase in phases)
        {
            foreach (var distance in phase.Distances)
            {
                before = Math.Max(before, distance - phase.FirstOutput);
                after = Math.Max(after, phase.FirstOutput + phase.Count - distance - axis.Output);
            }
        }

        return (before, after);
    }

    /// <summary>The way over the bordered gradient.</summary>
    /// <param name="before">Zeros before it.</param>
    public WindowPath Path(int before) => new(FirstOutput + before, 1, Count, [.. Distances.Select(distance => -distance)]);
}
