using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// Piecewise-linear functions of single numbers, several of each number. A weight is how far a function rises in a bin; their sums up to an edge are the function's value there. A number between two edges
/// needs these two values alone, and so does its gradient: what all weights below it get is summed up once, after the last row. Units are few: vectors of four lanes fit them.
/// </summary>
/// <param name="edges">(numbers x bins + 1): ascending; unused ones at the end are the largest number, so that nothing lies beyond them.</param>
/// <param name="weights">(numbers x bins x units).</param>
/// <param name="tables">(numbers x bins + 1 x units): the functions at each edge, or, after <see cref="ClearGradient"/>, their gradients.</param>
/// <param name="bins">Bins of a number.</param>
/// <param name="units">Functions of a number.</param>
internal readonly unsafe struct PiecewiseLinear(float* edges, float* weights, float* tables, int bins, int units)
{
    private readonly nint _tableLength = (nint)(bins + 1) * units;

    /// <summary>Computes the functions of so many numbers at each edge.</summary>
    /// <param name="numbers">How many.</param>
    /// <param name="saturates">Whether sums are limited to the largest finite numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Tabulate(int numbers, bool saturates)
    {
        var weight = weights;
        var value = tables;
        for (var number = 0; number < numbers; number++, value += units)
        {
            new Span<float>(value, units).Clear();
            for (var bin = 0; bin < bins; bin++, value += units, weight += units)
            {
                var unit = 0;
                for (; unit <= units - Simd128.Count && !saturates; unit += Simd128.Count)
                    (Simd128.Load(value + unit) + Simd128.Load(weight + unit)).Store(value + units + unit);
                for (; unit < units; unit++)
                {
                    var sum = value[unit] + weight[unit];
                    value[units + unit] = saturates ? Saturation.Apply(new Scalar(sum)).Value : sum;
                }
            }
        }
    }

    /// <summary>y = the functions of a number at x.</summary>
    /// <param name="number">The number.</param>
    /// <param name="x">Its value.</param>
    /// <param name="y">(units), to be filled.</param>
    /// <param name="saturates">As for <see cref="Tabulate"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Apply(int number, float x, float* y, bool saturates)
    {
        var (bin, share) = Locate(number, x);
        var value = tables + number * _tableLength + bin * units;
        var rise = weights + ((nint)number * bins + bin) * units;
        var unit = 0;
        for (; unit <= units - Simd128.Count && !saturates; unit += Simd128.Count)
            Simd128.FusedMultiplyAdd(Simd128.Broadcast(share), Simd128.Load(rise + unit), Simd128.Load(value + unit)).Store(y + unit);
        for (; unit < units; unit++)
        {
            var sum = MathF.FusedMultiplyAdd(share, rise[unit], value[unit]);
            y[unit] = saturates ? Saturation.Apply(new Scalar(sum)).Value : sum;
        }
    }

    /// <summary>Begins the gradients of a number's functions.</summary>
    public void ClearGradient(int number) => new Span<float>(tables + number * _tableLength, (int)_tableLength).Clear();

    /// <summary>Takes in the gradient of the functions at x.</summary>
    /// <returns>The gradient of x itself, where it is needed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float AddGradient(int number, float x, float* gradient, bool needsSlope)
    {
        var (bin, share) = Locate(number, x);
        var lower = tables + number * _tableLength + bin * units;
        var unit = 0;
        for (; unit <= units - Simd128.Count; unit += Simd128.Count)
        {
            var value = Simd128.Load(gradient + unit);
            Simd128.FusedMultiplyAdd(Simd128.Broadcast(1 - share), value, Simd128.Load(lower + unit)).Store(lower + unit);
            Simd128.FusedMultiplyAdd(Simd128.Broadcast(share), value, Simd128.Load(lower + units + unit)).Store(lower + units + unit);
        }

        for (; unit < units; unit++)
        {
            lower[unit] = MathF.FusedMultiplyAdd(1 - share, gradient[unit], lower[unit]);
            lower[unit + units] = MathF.FusedMultiplyAdd(share, gradient[unit], lower[unit + units]);
        }

        if (!needsSlope || share is 0 or 1)
            return 0;
        var edge = edges + (nint)number * (bins + 1) + bin;
        var rise = weights + ((nint)number * bins + bin) * units;
        var sum = 0f;
        for (unit = 0; unit < units; unit++)
            sum = MathF.FusedMultiplyAdd(gradient[unit], rise[unit], sum);
        return sum / (edge[1] - edge[0]);
    }

    /// <summary>Turns the gradients at the edges into those of the weights: a weight counts at all edges above its bin.</summary>
    /// <param name="number">The number.</param>
    /// <param name="gradient">(bins x units), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void FinishGradient(int number, float* gradient)
    {
        var edge = tables + number * _tableLength + (nint)bins * units;
        for (var bin = bins - 1; bin >= 0; bin--, edge -= units)
        {
            var unit = 0;
            for (; unit <= units - Simd128.Count; unit += Simd128.Count)
            {
                var sum = Simd128.Load(edge + unit);
                sum.Store(gradient + bin * units + unit);
                (Simd128.Load(edge - units + unit) + sum).Store(edge - units + unit);
            }

            for (; unit < units; unit++)
            {
                gradient[bin * units + unit] = edge[unit];
                (edge - units)[unit] += edge[unit];
            }
        }
    }

    /// <summary>The bin of a number, and which share of it lies below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int Bin, float Share) Locate(int number, float x)
    {
        // The last of the inner edges that is not above x, by halves.
        var edge = edges + (nint)number * (bins + 1);
        var (bin, end) = (0, bins);
        while (end - bin > 1)
        {
            var middle = (bin + end) >>> 1;
            if (edge[middle] <= x)
                bin = middle;
            else
                end = middle;
        }

        var share = (x - edge[bin]) / (edge[bin + 1] - edge[bin]);
        return (bin, share >= 1 ? 1 : share > 0 ? share : 0);
    }
}
