using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// ln(sum of e^z) = largest + ln(1 + sum of e^(z - largest) over all z but one of the largest). No finite z overflows. The 1 is that one's own term: it is not added to the sum, where small terms would be lost beside it.
/// </summary>
/// <typeparam name="TV">A sum in each lane.</typeparam>
/// <param name="largest">The largest z.</param>
internal struct LogSumExp<TV>(TV largest) where TV : struct, ISimd<TV>
{
    private readonly TV _largest = largest;

    // 1 until the first of the largest is taken in, then 0. So the first adds 0 to the sum, and each further one adds 1.
    private TV _missing = TV.Broadcast(1f);

    /// <summary>The sum of e^(z - largest) over all z but one of the largest.</summary>
    public TV Others { get; private set; } = TV.Broadcast(0f);

    /// <summary>e^(z - largest), at most 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TV Exp(TV z) => ElementaryFunctions.Exp(z - _largest);

    /// <summary>Takes in the next z.</summary>
    /// <param name="exp">e^(z - largest).</param>
    /// <param name="isOther">A mask: set where z is not the largest.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(TV exp, TV isOther)
    {
        Others += TV.Select(isOther, exp, TV.Broadcast(1f) - _missing);
        _missing = TV.Select(isOther, _missing, TV.Broadcast(0f));
    }

    /// <summary>How far the logarithm of the sum lies above the largest z.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TV LogAboveLargest() => ElementaryFunctions.Log1P(Others);
}
