using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Piecewise-linear functions of single numbers, several of each number. A weight is how far a function rises in a bin; their sums up to an edge are the function's value there. A number between two edges
/// needs these two values alone, and so does its gradient: what all weights below it get is summed up once, after the last row. Units are few: vectors of four and two lanes fit them.
/// </summary>
/// <param name="edges">(numbers x bins + 1): ascending; unused ones at the end are the largest number, so that nothing lies beyond them.</param>
/// <param name="weights">(numbers x bins x units).</param>
/// <param name="tables">(numbers x bins + 1 x units): the functions at each edge, or, after <see cref="ClearGradient"/>, their gradients.</param>
/// <param name="bins">Bins of a number.</param>
/// <param name="units">Functions of a number.</param>
internal readonly unsafe struct PiecewiseLinear(float* edges, float* weights, float* tables, int bins, int units)
{
    private const int CountedBins = 32;

    private readonly nint _tableLength = (nint)(bins + 1) * units;

    /// <summary>Computes the functions of so many numbers at each edge.</summary>
    /// <param name="numbers">How many.</param>
    /// <param name="saturates">Whether sums are limited to the largest finite numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tabulate(int numbers, bool saturates)
    {
        for (var number = 0; number < numbers; number++)
        {
            var unit = 0;
            for (; unit <= units - Simd128.Count; unit += Simd128.Count)
                Tabulate<Simd128>(number, unit, saturates);
            for (; unit <= units - Simd64.Count; unit += Simd64.Count)
                Tabulate<Simd64>(number, unit, saturates);
            for (; unit < units; unit++)
                Tabulate<Scalar>(number, unit, saturates);
        }
    }

    /// <summary>Finds the bin of a number, and which share of it lies below.</summary>
    /// <param name="number">The number.</param>
    /// <param name="x">Its value.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Bin, float Share) Locate(int number, float x)
    {
        // The last of the inner edges that is not above x, by halves. Nobody could foretell a branch here.
        var edge = edges + (nint)number * (bins + 1);
        var bin = 0;
        var length = bins;
        while (length > 1 && length != CountedBins)
        {
            var half = length >>> 1;
            bin += half & -Unsafe.BitCast<bool, byte>(edge[bin + half] <= x);
            length -= half;
        }

        // What halves find one after the other, vectors count at once. The upper edge of the last bin does not count.
        if (length == CountedBins)
            bin += Math.Min(CountUpTo(x, edge + bin + 1), CountedBins - 1);

        // Not-a-number becomes 0.
        var share = Simd128.Broadcast((x - edge[bin]) / (edge[bin + 1] - edge[bin]));
        return (bin, Simd128.Min(Simd128.Max(share, Simd128.Broadcast(0)), Simd128.Broadcast(1)).Lanes.ToScalar());
    }

    /// <summary>y = the functions of a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="bin">The bin that its value lies in.</param>
    /// <param name="share">The share of the bin below it.</param>
    /// <param name="y">(units), to be filled.</param>
    /// <param name="saturates">As for <see cref="Tabulate(int, bool)"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int number, int bin, float share, float* y, bool saturates)
    {
        var value = tables + number * _tableLength + bin * units;
        var rise = weights + ((nint)number * bins + bin) * units;
        var unit = 0;
        for (; unit <= units - Simd128.Count; unit += Simd128.Count)
            Apply<Simd128>(share, value + unit, rise + unit, y + unit, saturates);
        for (; unit <= units - Simd64.Count; unit += Simd64.Count)
            Apply<Simd64>(share, value + unit, rise + unit, y + unit, saturates);
        for (; unit < units; unit++)
            Apply<Scalar>(share, value + unit, rise + unit, y + unit, saturates);
    }

    /// <summary>Begins the gradients of a number's functions.</summary>
    public void ClearGradient(int number) => new Span<float>(tables + number * _tableLength, (int)_tableLength).Clear();

    /// <summary>Takes in the gradient of the functions at a value.</summary>
    /// <param name="number">The number.</param>
    /// <param name="bin">The bin that the value lies in.</param>
    /// <param name="share">The share of the bin below it.</param>
    /// <param name="gradient">(units).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddGradient(int number, int bin, float share, float* gradient)
    {
        var lower = tables + number * _tableLength + bin * units;
        var unit = 0;
        for (; unit <= units - Simd128.Count; unit += Simd128.Count)
            AddGradient<Simd128>(share, gradient + unit, lower + unit);
        for (; unit <= units - Simd64.Count; unit += Simd64.Count)
            AddGradient<Simd64>(share, gradient + unit, lower + unit);
        for (; unit < units; unit++)
            AddGradient<Scalar>(share, gradient + unit, lower + unit);
    }

    /// <summary>The gradient of the number itself: 0 at an edge and beyond the last ones.</summary>
    /// <param name="number">The number.</param>
    /// <param name="bin">The bin that its value lies in.</param>
    /// <param name="share">The share of the bin below it.</param>
    /// <param name="gradient">(units): that of the functions.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Slope(int number, int bin, float share, float* gradient)
    {
        if (share is 0 or 1)
            return 0;
        var edge = edges + (nint)number * (bins + 1) + bin;
        var rise = weights + ((nint)number * bins + bin) * units;
        var sum = 0f;
        for (var unit = 0; unit < units; unit++)
            sum = MathF.FusedMultiplyAdd(gradient[unit], rise[unit], sum);
        return sum / (edge[1] - edge[0]);
    }

    /// <summary>Turns the gradients at the edges into those of the weights: a weight counts at all edges above its bin.</summary>
    /// <param name="number">The number.</param>
    /// <param name="gradient">(bins x units), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FinishGradient(int number, float* gradient)
    {
        var unit = 0;
        for (; unit <= units - Simd128.Count; unit += Simd128.Count)
            FinishGradient<Simd128>(number, unit, gradient);
        for (; unit <= units - Simd64.Count; unit += Simd64.Count)
            FinishGradient<Simd64>(number, unit, gradient);
        for (; unit < units; unit++)
            FinishGradient<Scalar>(number, unit, gradient);
    }

    /// <summary>How many of so many ascending numbers are not above x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountUpTo(float x, float* numbers)
    {
        var value = Vector256.Create(x);
        var count = 0;
        for (var i = 0; i < CountedBins; i += Vector256<float>.Count)
            count += BitOperations.PopCount(Vector256.LessThanOrEqual(Vector256.Load(numbers + i), value).ExtractMostSignificantBits());
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tabulate<TV>(int number, int unit, bool saturates) where TV : struct, ISimd<TV>
    {
        var value = tables + number * _tableLength + unit;
        var weight = weights + (nint)number * bins * units + unit;
        var sum = TV.Broadcast(0);
        sum.Store(value);
        for (var bin = 0; bin < bins; bin++, weight += units)
        {
            sum += TV.Load(weight);
            if (saturates)
                sum = Saturation.Apply(sum);
            value += units;
            sum.Store(value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Apply<TV>(float share, float* value, float* rise, float* y, bool saturates) where TV : struct, ISimd<TV>
    {
        var sum = TV.FusedMultiplyAdd(TV.Broadcast(share), TV.Load(rise), TV.Load(value));
        (saturates ? Saturation.Apply(sum) : sum).Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddGradient<TV>(float share, float* gradient, float* lower) where TV : struct, ISimd<TV>
    {
        var value = TV.Load(gradient);
        TV.FusedMultiplyAdd(TV.Broadcast(1 - share), value, TV.Load(lower)).Store(lower);
        TV.FusedMultiplyAdd(TV.Broadcast(share), value, TV.Load(lower + units)).Store(lower + units);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FinishGradient<TV>(int number, int unit, float* gradient) where TV : struct, ISimd<TV>
    {
        var edge = tables + number * _tableLength + unit;
        var sum = TV.Load(edge + (nint)bins * units);
        for (var bin = bins - 1; bin >= 0; bin--)
        {
            sum.Store(gradient + (nint)bin * units + unit);
            sum = TV.Load(edge + (nint)bin * units) + sum;
        }
    }
}
