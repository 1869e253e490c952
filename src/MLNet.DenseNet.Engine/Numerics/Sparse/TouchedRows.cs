using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Some rows of a row-major matrix, such as a panel, that another matrix holds one after the other.</summary>
/// <param name="numbers">(count): which rows, each once.</param>
/// <param name="count">How many.</param>
/// <param name="width">The length of a row.</param>
internal readonly unsafe struct TouchedRows(int* numbers, int count, int width)
{
    // Rows asked for ahead: what takes about as long as memory to answer.
    private const int Ahead = 16;

    /// <summary>Whether this stands for all rows.</summary>
    public bool IsNone => numbers == null;

    /// <summary>Calls the kernel for every element of the rows once, as many lanes at a time as the processor has.</summary>
    /// <param name="kernel">Holds arrays laid out as the whole matrix.</param>
    /// <param name="values">(count x width): of the rows, one after the other.</param>
    /// <param name="first">An array that the kernel holds, or null.</param>
    /// <param name="second">Another one, or null.</param>
    /// <param name="third">Another one, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TKernel>(in TKernel kernel, float* values, float* first, float* second, float* third) where TKernel : struct, IValueKernel
    {
        var column = 0;
        if (Vector512.IsHardwareAccelerated && width >= Simd512.Count)
            column = Loop<TKernel, Simd512>(in kernel, values, column, first, second, third);
        if (Vector256.IsHardwareAccelerated && width - column >= Simd256.Count)
            column = Loop<TKernel, Simd256>(in kernel, values, column, first, second, third);
        if (Vector128.IsHardwareAccelerated && width - column >= Simd128.Count)
            column = Loop<TKernel, Simd128>(in kernel, values, column, first, second, third);
        if (column < width)
            Loop<TKernel, Scalar>(in kernel, values, column, first, second, third);
    }

    /// <returns>The first column that is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Loop<TKernel, TV>(in TKernel kernel, float* values, int from, float* first, float* second, float* third)
        where TKernel : struct, IValueKernel
        where TV : struct, ISimd<TV>
    {
        var copy = kernel;
        var end = width - (width - from) % TV.Count;
        for (var row = 0; row < count; row++, values += width)
        {
            if (row + Ahead < count)
            {
                var ahead = numbers[row + Ahead] * (nint)width;
                CacheLines.Fetch(first == null ? null : first + ahead, width);
                CacheLines.Fetch(second == null ? null : second + ahead, width);
                CacheLines.Fetch(third == null ? null : third + ahead, width);
            }

            var start = numbers[row] * width;
            for (var column = from; column < end; column += TV.Count)
                copy.Invoke(TV.Load(values + column), start + column);
        }

        return end;
    }
}
