using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A function of one element, written once for all widths.</summary>
internal interface IUnaryOperator
{
    TV Invoke<TV>(TV x) where TV : struct, ISimd<TV>;
}

/// <summary>A function of two elements, written once for all widths.</summary>
internal interface IBinaryOperator
{
    TV Invoke<TV>(TV x, TV y) where TV : struct, ISimd<TV>;
}

/// <summary>Work at the elements [index, index + lanes) of arrays that the kernel holds; the elements are independent.</summary>
internal interface IElementKernel
{
    void Invoke<TV>(int index) where TV : struct, ISimd<TV>;
}

/// <summary>
/// The one place that owns the loops over elements, their widths and tails. They are compiled optimized at once: in the runtime's first,
/// unoptimized tier the wrappers around vectors would make a short training many times slower.
/// </summary>
internal static class Elementwise
{
    // Elements that take some microseconds.
    private const int ElementsWorthAThread = 16_384;

    /// <summary>destination[i] = op(source[i]). The two may be the same span.</summary>
    public static unsafe void Map<TOperator>(TOperator op, ReadOnlySpan<float> source, Span<float> destination)
        where TOperator : struct, IUnaryOperator
    {
        CheckSameLength(source.Length, destination.Length);
        fixed (float* x = source, y = destination)
            Run(new MapKernel<TOperator>(op, x, y), source.Length);
    }

    /// <summary>destination[i] = op(left[i], right[i]). Any of the three may be the same span.</summary>
    public static unsafe void Map<TOperator>(TOperator op, ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> destination)
        where TOperator : struct, IBinaryOperator
    {
        CheckSameLength(left.Length, destination.Length);
        CheckSameLength(right.Length, destination.Length);
        fixed (float* x = left, y = right, z = destination)
            Run(new ZipKernel<TOperator>(op, x, y, z), left.Length);
    }

    /// <summary>Calls the kernel for every element once, as many lanes at a time as the processor has.</summary>
    public static void Run<TKernel>(TKernel kernel, int length) where TKernel : struct, IElementKernel => Run(in kernel, 0, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TKernel>(in TKernel kernel, int first, int length) where TKernel : struct, IElementKernel
    {
        var done = first;
        if (Vector512.IsHardwareAccelerated)
            Run<TKernel, Simd512>(in kernel, length, ref done);
        if (Vector256.IsHardwareAccelerated)
            Run<TKernel, Simd256>(in kernel, length, ref done);
        if (Vector128.IsHardwareAccelerated)
            Run<TKernel, Simd128>(in kernel, length, ref done);
        Run<TKernel, Scalar>(in kernel, length, ref done);
    }

    /// <summary>The same for the elements of a matrix, on several threads where there are enough: cut as the products that read and write it are.</summary>
    public static void Run<TKernel>(TKernel kernel, int length, int columns, Crew? crew) where TKernel : unmanaged, IElementKernel
    {
        var parts = crew is null ? 1 : Math.Min(crew.Threads, length / ElementsWorthAThread);
        if (parts <= 1)
        {
            Run(kernel, length);
            return;
        }

        var work = new Parts<TKernel>(kernel, length, columns);
        crew!.Run(ref work, parts);
    }

    public static void CheckSameLength(int actual, int expected, [CallerArgumentExpression(nameof(actual))] string? name = null)
    {
        if (actual != expected)
            throw new ArgumentException($"{name} is {actual}; expected {expected}.");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TKernel, TV>(in TKernel kernel, int length, ref int done)
        where TKernel : struct, IElementKernel
        where TV : struct, ISimd<TV>
    {
        var index = done;
        for (; index <= length - TV.Count; index += TV.Count)
            kernel.Invoke<TV>(index);
        done = index;
    }

    private readonly struct Parts<TKernel>(TKernel kernel, int length, int columns) : ICrewWork where TKernel : unmanaged, IElementKernel
    {
        private readonly TKernel _kernel = kernel;

        public void Do(int part, int parts)
        {
            if (!Crew.CutsColumns(columns, parts))
            {
                Run(in _kernel, Crew.Cut(length, AlignedBuffer.Alignment, part, parts), Crew.Cut(length, AlignedBuffer.Alignment, part + 1, parts));
                return;
            }

            var (first, end) = (Crew.CutColumns(columns, part, parts), Crew.CutColumns(columns, part + 1, parts));
            for (var row = 0; row < length; row += columns)
                Run(in _kernel, row + first, row + end);
        }
    }

    private readonly unsafe struct MapKernel<TOperator>(TOperator op, float* x, float* y) : IElementKernel
        where TOperator : struct, IUnaryOperator
    {
        private readonly TOperator _op = op;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => _op.Invoke(TV.Load(x + index)).Store(y + index);
    }

    private readonly unsafe struct ZipKernel<TOperator>(TOperator op, float* x, float* y, float* z) : IElementKernel
        where TOperator : struct, IBinaryOperator
    {
        private readonly TOperator _op = op;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            _op.Invoke(TV.Load(x + index), TV.Load(y + index)).Store(z + index);
    }
}
