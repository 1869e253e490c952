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

/// <summary>Work at the elements [index, index + lanes) of arrays that the kernel holds, with as many values of an array that may be laid out otherwise.</summary>
internal interface IValueKernel
{
    void Invoke<TV>(TV values, int index) where TV : struct, ISimd<TV>;
}

/// <summary>
/// The one place that owns the loops over elements, their widths and tails. They are compiled optimized at once: in the runtime's first,
/// unoptimized tier the wrappers around vectors would make a short training many times slower.
/// </summary>
internal static class Elementwise
{
    /// <summary>destination = op(source) in a part of row-major matrices. The two may be the same.</summary>
    public static unsafe void Map<TOperator>(TOperator op, float* source, float* destination, int columns, MatrixPart part)
        where TOperator : struct, IUnaryOperator =>
        Run(new MapKernel<TOperator>(op, source, destination), columns, part);

    /// <summary>destination = op(left, right) in a part of row-major matrices. Any of the three may be the same.</summary>
    public static unsafe void Map<TOperator>(TOperator op, float* left, float* right, float* destination, int columns, MatrixPart part)
        where TOperator : struct, IBinaryOperator =>
        Run(new ZipKernel<TOperator>(op, left, right, destination), columns, part);

    /// <summary>Calls the kernel for every element once, as many lanes at a time as the processor has.</summary>
    public static void Run<TKernel>(in TKernel kernel, int length) where TKernel : struct, IElementKernel => Run(in kernel, 0, length);

    /// <summary>The same for the elements from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TKernel>(in TKernel kernel, int first, int end) where TKernel : struct, IElementKernel
    {
        if (Vector512.IsHardwareAccelerated && end - first >= Simd512.Count)
            first = Loop<TKernel, Simd512>(in kernel, first, end);
        if (Vector256.IsHardwareAccelerated && end - first >= Simd256.Count)
            first = Loop<TKernel, Simd256>(in kernel, first, end);
        if (Vector128.IsHardwareAccelerated && end - first >= Simd128.Count)
            first = Loop<TKernel, Simd128>(in kernel, first, end);
        if (first < end)
            Loop<TKernel, Scalar>(in kernel, first, end);
    }

    /// <summary>The same for a part of row-major matrices.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TKernel>(in TKernel kernel, int columns, MatrixPart part) where TKernel : struct, IElementKernel
    {
        if (part.EndColumn - part.FirstColumn == columns)
        {
            Run(in kernel, part.FirstRow * columns, part.EndRow * columns);
            return;
        }

        for (var row = part.FirstRow; row < part.EndRow; row++)
            Run(in kernel, row * columns + part.FirstColumn, row * columns + part.EndColumn);
    }

    /// <summary>Calls the kernel for every element once, with the value of the same index.</summary>
    public static unsafe void Run<TKernel>(in TKernel kernel, float* values, int length) where TKernel : struct, IValueKernel =>
        Run(new ValueKernel<TKernel>(kernel, values), length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckSameLength(int actual, long expected, [CallerArgumentExpression(nameof(actual))] string? name = null)
    {
        if (actual != expected)
            ThrowOtherLength(actual, expected, name);
    }

    private static void ThrowOtherLength(int actual, long expected, string? name) => throw new ArgumentException($"{name} is {actual}; expected {expected}.");

    /// <summary>Not inlined: all widths of a long kernel in one method are more than the compiler is willing to inline.</summary>
    /// <returns>The first element that is left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Loop<TKernel, TV>(in TKernel kernel, int first, int end)
        where TKernel : struct, IElementKernel
        where TV : struct, ISimd<TV>
    {
        var copy = kernel;
        for (; first <= end - TV.Count; first += TV.Count)
            copy.Invoke<TV>(first);
        return first;
    }

    private readonly unsafe struct ValueKernel<TKernel>(TKernel kernel, float* values) : IElementKernel where TKernel : struct, IValueKernel
    {
        private readonly TKernel _kernel = kernel;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => _kernel.Invoke(TV.Load(values + index), index);
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
