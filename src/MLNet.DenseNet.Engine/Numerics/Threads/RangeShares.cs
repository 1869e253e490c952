using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A range of indices cut for threads. Parts begin at whole units, follow one another, and are as equal as whole units allow.</summary>
/// <param name="Length">How many indices.</param>
/// <param name="Unit">How many of them stay together, at least 1; the last unit may be shorter.</param>
/// <param name="Parts">Into how many parts, at least 1. Where units are fewer, some parts are empty.</param>
internal readonly record struct RangeShares(int Length, int Unit, int Parts)
{
    /// <summary>One of the parts: its first index, and the one after its last.</summary>
    public (int First, int End) this[int part] => Parts == 1 ? (0, Length) : (Start(part), Start(part + 1));

    /// <summary>The length of the largest part.</summary>
    public long Longest
    {
        get
        {
            if (Parts == 1)
                return Length;
            // The last part is one of those with the most units. Where it is the only one, it is shorter by what its last unit lacks.
            long units = Units(Length, Unit);
            return (units + Parts - 1) / Parts * Unit - (units % Parts == 1 ? units * Unit - Length : 0);
        }
    }

    /// <summary>As many parts as asked for, but no more than there are units.</summary>
    public static RangeShares AtMost(int parts, int length, int unit = 1) => new(length, unit, Math.Max(1, Math.Min(parts, Units(length, unit))));

    /// <summary>As many parts as there are threads that the work is worth, but no more than there are units.</summary>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="multiplyAdds">How much it is in all, in multiply-adds of a dense product.</param>
    /// <param name="length">How many indices.</param>
    /// <param name="unit">How many of them stay together.</param>
    public static RangeShares For(ThreadTeam? team, long multiplyAdds, int length, int unit = 1) => AtMost(ThreadTeam.ThreadsFor(team, multiplyAdds), length, unit);

    /// <summary>Whole items for each thread, as that leaves the least to pass between threads. How many threads depends on the work of all items together.</summary>
    /// <param name="items">How many items, such as networks trained side by side.</param>
    /// <param name="multiplyAdds">Of all items together.</param>
    /// <param name="largest">Of the largest product of one item. Where it is worth more threads than there are items, all items are one part, and threads share each product instead.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static RangeShares OfItems(int items, long multiplyAdds, long largest, ThreadTeam? team)
    {
        var threads = items == 1 ? 1 : ThreadTeam.ThreadsFor(team, multiplyAdds);
        if (threads > items)
            threads = ThreadTeam.ThreadsFor(team, largest) > items ? 1 : items;
        return new(items, 1, threads);
    }

    /// <summary>Does the work part by part.</summary>
    /// <param name="work">The work.</param>
    /// <param name="team">Who shares it; null for the caller alone, who then does all parts.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run<TWork>(in TWork work, ThreadTeam? team) where TWork : struct, IRangeWork
    {
        // By reference: the compiler would copy a read-only argument before each call.
        if (Parts == 1)
            Unsafe.AsRef(in work).Do(0, Length);
        else
            Share(in work, team);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private void Share<TWork>(in TWork work, ThreadTeam? team) where TWork : struct, IRangeWork
    {
        var shared = new Shared<TWork>(work, this);
        ThreadTeam.Run(team, ref shared, Parts);
    }

    private readonly struct Shared<TWork>(TWork work, RangeShares shares) : ITeamWork where TWork : struct, IRangeWork
    {
        private readonly TWork _work = work;
        private readonly RangeShares _shares = shares;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            var (first, end) = _shares[part];
            Unsafe.AsRef(in _work).Do(first, end);
        }
    }

    private static int Units(int length, int unit) => (int)(((long)length + unit - 1) / unit);

    private int Start(int part) => part == Parts ? Length : (int)((long)Units(Length, Unit) * part / Parts) * Unit;
}
