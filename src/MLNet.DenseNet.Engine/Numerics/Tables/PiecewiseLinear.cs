using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Piecewise-linear functions of single numbers, several of each number. A weight is how far a function rises in a bin; their sums up to an edge are the function's value there. A number between two edges
/// needs these two values alone, and so does its gradient: what all weights below it get is summed up once, after the last row. Units are few: vectors of eight, four and two lanes fit them.
/// </summary>
/// <param name="edges">(numbers x bins + 1): ascending; unused ones at the end are the largest number, so that nothing lies beyond them.</param>
/// <param name="weights">(numbers x bins x units).</param>
/// <param name="tables">(numbers x bins + 1 x units): the functions at each edge, or, after <see cref="ClearGradient"/>, their gradients.</param>
/// <param name="bins">Bins of a number.</param>
/// <param name="units">Functions of a number.</param>
internal readonly unsafe struct PiecewiseLinear(float* edges, float* weights, float* tables, int bins, int units)
{
    /// <summary>The most functions of a number.</summary>
    public const int MostUnits = 32;

    private const int CountedBins = 32;

    private readonly nint _tableLength = (nint)(bins + 1) * units;

    private int Bins => bins;

    private int Units => units;

    /// <summary>Computes the functions of some numbers at each edge, two numbers in the time of one: sum after sum waits for the one before it; those of two numbers do not wait for each other.</summary>
    /// <param name="number">The first number.</param>
    /// <param name="end">The number after the last.</param>
    /// <param name="saturates">Whether sums are limited to the largest finite numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tabulate(int number, int end, bool saturates)
    {
        for (; number < end; number += 2)
            Run(new Sums(this, number, Math.Min(number + 1, end - 1), saturates));
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

    /// <summary>y = scale times the functions of a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="bin">The bin that its value lies in.</param>
    /// <param name="share">The share of the bin below it.</param>
    /// <param name="scale">What the functions are multiplied by.</param>
    /// <param name="y">(units), to be filled.</param>
    /// <param name="saturates">As for <see cref="Tabulate"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int number, int bin, float share, float scale, float* y, bool saturates) => Run(new Values(share, scale, Table(number) + bin * units, Weights(number) + bin * units, y, saturates));

    /// <summary>Begins the gradients of a number's functions.</summary>
    public void ClearGradient(int number) => new Span<float>(Table(number), (int)_tableLength).Clear();

    /// <summary>Takes in the gradient of the scaled functions at a value.</summary>
    /// <param name="number">The number.</param>
    /// <param name="bin">The bin that the value lies in.</param>
    /// <param name="share">The share of the bin below it.</param>
    /// <param name="gradient">(units).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddGradient(int number, int bin, float share, float* gradient) => Run(new Share(share, gradient, Table(number) + bin * units, units));

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
        var rise = Weights(number) + bin * units;
        var sum = 0f;
        for (var unit = 0; unit < units; unit++)
            sum = MathF.FusedMultiplyAdd(gradient[unit], rise[unit], sum);
        return sum / (edge[1] - edge[0]);
    }

    /// <summary>Turns the gradients of the scaled functions at the edges into those of the weights: a weight counts at all edges above its bin.</summary>
    /// <param name="number">The number, and what its functions are multiplied by.</param>
    /// <param name="other">Another one, whose sums are added up beside the first one's; or the same.</param>
    /// <param name="gradient">(numbers x bins x units), to be filled for these two.</param>
    /// <returns>The gradients of the two scales.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public (float OfNumber, float OfOther) FinishGradients((int Index, float Scale) number, (int Index, float Scale) other, float* gradient)
    {
        // One sum for each unit, added up in their order, whatever the width of vectors.
        float* products = stackalloc float[MostUnits], otherProducts = stackalloc float[MostUnits];
        Run(new GradientSums(this, number, other, gradient, products, otherProducts));
        var (sum, otherSum) = (0f, 0f);
        for (var unit = 0; unit < units; unit++)
            (sum, otherSum) = (sum + products[unit], otherSum + otherProducts[unit]);
        return (sum, otherSum);
    }

    private float* Table(int number) => tables + number * _tableLength;

    private float* Weights(int number) => weights + (nint)number * bins * units;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Run<TLoop>(in TLoop loop) where TLoop : struct, IVectorLoop
    {
        var unit = 0;
        if (Vector256.IsHardwareAccelerated)
            unit = loop.Run<Simd256>(unit, units);
        unit = loop.Run<Simd128>(unit, units);
        unit = loop.Run<Simd64>(unit, units);
        loop.Run<Scalar>(unit, units);
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

    /// <summary>The functions of two numbers at each edge.</summary>
    private readonly struct Sums(PiecewiseLinear functions, int number, int other, bool saturates) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int unit, int end) where TV : struct, ISimd<TV>
        {
            nint units = functions.Units;
            for (; unit <= end - TV.Count; unit += TV.Count)
            {
                float* value = functions.Table(number) + unit, otherValue = functions.Table(other) + unit;
                float* weight = functions.Weights(number) + unit, otherWeight = functions.Weights(other) + unit;
                TV sum = TV.Broadcast(0), otherSum = sum;
                sum.Store(value);
                sum.Store(otherValue);
                for (var bin = 0; bin < functions.Bins; bin++, weight += units, otherWeight += units)
                {
                    sum += TV.Load(weight);
                    otherSum += TV.Load(otherWeight);
                    if (saturates)
                        (sum, otherSum) = (Saturation.Apply(sum), Saturation.Apply(otherSum));
                    sum.Store(value += units);
                    otherSum.Store(otherValue += units);
                }
            }

            return unit;
        }
    }

    /// <summary>y = scale (value + share * rise).</summary>
    private readonly struct Values(float share, float scale, float* value, float* rise, float* y, bool saturates) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int unit, int end) where TV : struct, ISimd<TV>
        {
            for (; unit <= end - TV.Count; unit += TV.Count)
            {
                var sum = TV.FusedMultiplyAdd(TV.Broadcast(share), TV.Load(rise + unit), TV.Load(value + unit));
                (saturates ? Saturation.Apply(TV.Broadcast(scale) * Saturation.Apply(sum)) : TV.Broadcast(scale) * sum).Store(y + unit);
            }

            return unit;
        }
    }

    /// <summary>Adds a gradient to those of the two edges beside a value.</summary>
    private readonly struct Share(float share, float* gradient, float* lower, int units) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int unit, int end) where TV : struct, ISimd<TV>
        {
            for (; unit <= end - TV.Count; unit += TV.Count)
            {
                var edge = lower + unit;
                var value = TV.Load(gradient + unit);
                TV.FusedMultiplyAdd(TV.Broadcast(1 - share), value, TV.Load(edge)).Store(edge);
                TV.FusedMultiplyAdd(TV.Broadcast(share), value, TV.Load(edge + units)).Store(edge + units);
            }

            return unit;
        }
    }

    /// <summary>The gradients of the weights of two numbers, added up from the last edge on, and for each unit their sums of products with the weights.</summary>
    private readonly struct GradientSums(PiecewiseLinear functions, (int Index, float Scale) number, (int Index, float Scale) other, float* gradient, float* products, float* otherProducts) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int unit, int end) where TV : struct, ISimd<TV>
        {
            nint units = functions.Units, bins = functions.Bins, last = bins * units;
            TV scale = TV.Broadcast(number.Scale), otherScale = TV.Broadcast(other.Scale);
            for (; unit <= end - TV.Count; unit += TV.Count)
            {
                float* edge = functions.Table(number.Index) + last + unit, otherEdge = functions.Table(other.Index) + last + unit;
                float* weight = functions.Weights(number.Index) + last + unit, otherWeight = functions.Weights(other.Index) + last + unit;
                float* result = gradient + (number.Index + 1) * last + unit, otherResult = gradient + (other.Index + 1) * last + unit;
                TV sum = TV.Load(edge), otherSum = TV.Load(otherEdge), product = TV.Broadcast(0), otherProduct = product;
                for (var bin = bins; bin > 0; bin--)
                {
                    product = TV.FusedMultiplyAdd(sum, TV.Load(weight -= units), product);
                    otherProduct = TV.FusedMultiplyAdd(otherSum, TV.Load(otherWeight -= units), otherProduct);
                    (sum * scale).Store(result -= units);
                    (otherSum * otherScale).Store(otherResult -= units);
                    sum = TV.Load(edge -= units) + sum;
                    otherSum = TV.Load(otherEdge -= units) + otherSum;
                }

                product.Store(products + unit);
                otherProduct.Store(otherProducts + unit);
            }

            return unit;
        }
    }
}
