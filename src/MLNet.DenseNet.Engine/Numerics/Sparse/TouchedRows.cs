using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The rows of a matrix that a sparse batch touches: those of columns in which it stores a value. Values for them, such as their gradients, lie one row after the other.
/// The default value stands for all rows.
/// </summary>
/// <param name="numbers">(count): which rows of the matrix, each once.</param>
/// <param name="count">How many rows are touched.</param>
/// <param name="width">The length of a row.</param>
internal readonly unsafe struct TouchedRows(int* numbers, int count, int width)
{
    // How many rows ahead of the loop memory is prefetched: about the time that memory takes to answer.
    private const int PrefetchDistance = 16;

    /// <summary>Whether no rows are named, so that this stands for all of them.</summary>
    public bool IsNone => numbers == null;

    /// <summary>Calls the kernel once for every element of the touched rows.</summary>
    /// <param name="kernel">Holds arrays laid out as the whole matrix, row-major.</param>
    /// <param name="values">(count x width): the values that belong to the touched rows.</param>
    /// <param name="first">An array that the kernel holds, to be prefetched; or null.</param>
    /// <param name="second">Another one, or null.</param>
    /// <param name="third">Another one, or null.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TKernel>(in TKernel kernel, float* values, float* first, float* second, float* third) where TKernel : struct, IValueKernel =>
        VectorWidths.Run(new Loop<TKernel>(in kernel, this, values, first, second, third), 0, width);

    /// <summary>All touched rows in some of their columns.</summary>
    /// <returns>The first column that is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private int Columns<TKernel, TV>(in TKernel kernel, float* values, int from, int end, float* first, float* second, float* third)
        where TKernel : struct, IValueKernel
        where TV : struct, ISimd<TV>
    {
        // A local copy, whose fields the compiler keeps in registers.
        var copy = kernel;
        end -= (end - from) % TV.Count;
        for (var row = 0; row < count; row++, values += width)
        {
            if (row + PrefetchDistance < count)
            {
                var ahead = numbers[row + PrefetchDistance] * (nint)width;
                CacheLines.Prefetch(first == null ? null : first + ahead, width);
                CacheLines.Prefetch(second == null ? null : second + ahead, width);
                CacheLines.Prefetch(third == null ? null : third + ahead, width);
            }

            var start = numbers[row] * width;
            for (var column = from; column < end; column += TV.Count)
                copy.Invoke(TV.Load(values + column), start + column);
        }

        return end;
    }

    private readonly ref struct Loop<TKernel>(in TKernel kernel, TouchedRows rows, float* values, float* first, float* second, float* third) : IVectorLoop
        where TKernel : struct, IValueKernel
    {
        private readonly ref readonly TKernel _kernel = ref kernel;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int from, int end) where TV : struct, ISimd<TV> => rows.Columns<TKernel, TV>(in _kernel, values, from, end, first, second, third);
    }
}
