using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Vectors of double. What adds up elements of one does so in their order, so that all widths of vectors give the same bits.</summary>
internal static class DoubleVectors
{
    /// <summary>to += factor * from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(ReadOnlySpan<double> from, double factor, Span<double> to)
    {
        from = from[..to.Length];
        var wideFrom = MemoryMarshal.Cast<double, Vector<double>>(from);
        var wideTo = MemoryMarshal.Cast<double, Vector<double>>(to);
        var factors = new Vector<double>(factor);
        for (var i = 0; i < wideTo.Length; i++)
            wideTo[i] += factors * wideFrom[i];
        for (var i = wideTo.Length * Vector<double>.Count; i < to.Length; i++)
            to[i] += factor * from[i];
    }

    /// <summary>values /= divisors, or the least divisor where they are below it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(Span<double> values, ReadOnlySpan<double> divisors, double least)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] /= Math.Max(least, divisors[i]);
    }

    /// <summary>The square of each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double[] Squares(double[] values)
    {
        var squares = new double[values.Length];
        for (var i = 0; i < squares.Length; i++)
            squares[i] = values[i] * values[i];
        return squares;
    }

    /// <summary>The sum of the products of elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfProducts(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        right = right[..left.Length];
        var sum = 0.0;
        for (var i = 0; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>Turns two vectors in their plane: first becomes cosine * first - sine * second, second sine * first + cosine * second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(Span<double> first, Span<double> second, double cosine, double sine)
    {
        second = second[..first.Length];
        var wideFirst = MemoryMarshal.Cast<double, Vector<double>>(first);
        var wideSecond = MemoryMarshal.Cast<double, Vector<double>>(second);
        var (cosines, sines) = (new Vector<double>(cosine), new Vector<double>(sine));
        for (var i = 0; i < wideFirst.Length; i++)
        {
            var (x, y) = (wideFirst[i], wideSecond[i]);
            (wideFirst[i], wideSecond[i]) = (cosines * x - sines * y, sines * x + cosines * y);
        }

        for (var i = wideFirst.Length * Vector<double>.Count; i < first.Length; i++)
        {
            var (x, y) = (first[i], second[i]);
            (first[i], second[i]) = (cosine * x - sine * y, sine * x + cosine * y);
        }
    }
}
