using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The loops over elements. Every method that does arithmetic on vectors is compiled optimized at once (AggressiveOptimization): in the runtime's first, unoptimized
/// tier each vector operation is a call, and a short training would take many times as long.
/// </summary>
internal static unsafe class Elementwise
{
    /// <summary>destination = op(source) in a part of row-major matrices.</summary>
    /// <param name="op">The function.</param>
    /// <param name="source">(rows x columns).</param>
    /// <param name="destination">(rows x columns); may be the source.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="part">Which elements.</param>
    public static void Map<TOperator>(TOperator op, float* source, float* destination, int columns, MatrixPart part)
        where TOperator : struct, IUnaryOperator =>
        Run(new UnaryKernel<TOperator>(op, source, destination), columns, part);

    /// <summary>destination = op(left, right) in a part of row-major matrices.</summary>
    /// <param name="op">The function.</param>
    /// <param name="left">(rows x columns).</param>
    /// <param name="right">(rows x columns).</param>
    /// <param name="destination">(rows x columns); may be one of the others.</param>
    /// <param name="columns">The length of a row.</param>
    /// <param name="part">Which elements.</param>
    public static void Map<TOperator>(TOperator op, float* left, float* right, float* destination, int columns, MatrixPart part)
        where TOperator : struct, IBinaryOperator =>
        Run(new BinaryKernel<TOperator>(op, left, right, destination), columns, part);

    /// <summary>Multiplies values by a factor, in place.</summary>
    public static void Scale(float factor, float* values, int length) => Run(new Scaling(factor, values), length);

    /// <summary>Brings values nearer to 0 by a threshold, those within it to 0, in place: sign(x) max(|x| - threshold, 0).</summary>
    public static void SoftThreshold(float threshold, float* values, int length) => Run(new Shrinkage(threshold, values), length);

    /// <summary>Calls the kernel once for every element from 0 up to <paramref name="length"/>.</summary>
    public static void Run<TKernel>(in TKernel kernel, int length) where TKernel : struct, IElementKernel => Run(in kernel, 0, length);

    /// <summary>Calls the kernel once for every element from <paramref name="first"/> up to <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TKernel>(in TKernel kernel, int first, int end) where TKernel : struct, IElementKernel =>
        VectorWidths.Run(new Loop<TKernel>(in kernel), first, end);

    /// <summary>Calls the kernel once for every element of a part of row-major matrices.</summary>
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

    /// <summary>Calls the kernel once for every element from 0 up to <paramref name="length"/>, with the value of the same index.</summary>
    public static void Run<TKernel>(in TKernel kernel, float* values, int length) where TKernel : struct, IValueKernel =>
        Run(new ValueKernel<TKernel>(kernel, values), length);

    /// <summary>Not inlined: with all widths in one method, the compiler would give up inlining long kernels.</summary>
    private readonly ref struct Loop<TKernel>(in TKernel kernel) : IVectorLoop where TKernel : struct, IElementKernel
    {
        private readonly ref readonly TKernel _kernel = ref kernel;

        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        public int Run<TV>(int first, int end) where TV : struct, ISimd<TV>
        {
            // A local copy, whose fields the compiler keeps in registers.
            var kernel = _kernel;
            for (; first <= end - TV.Count; first += TV.Count)
                kernel.Invoke<TV>(first);
            return first;
        }
    }

    private readonly struct Scaling(float factor, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => (TV.Load(values + index) * TV.Broadcast(factor)).Store(values + index);
    }

    private readonly struct Shrinkage(float threshold, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV>
        {
            var x = TV.Load(values + index);
            (x - ElementaryFunctions.Clamp(x, -threshold, threshold)).Store(values + index);
        }
    }

    private readonly struct ValueKernel<TKernel>(TKernel kernel, float* values) : IElementKernel where TKernel : struct, IValueKernel
    {
        private readonly TKernel _kernel = kernel;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => _kernel.Invoke(TV.Load(values + index), index);
    }

    private readonly struct UnaryKernel<TOperator>(TOperator op, float* x, float* y) : IElementKernel where TOperator : struct, IUnaryOperator
    {
        private readonly TOperator _op = op;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => _op.Invoke(TV.Load(x + index)).Store(y + index);
    }

    private readonly struct BinaryKernel<TOperator>(TOperator op, float* x, float* y, float* z) : IElementKernel where TOperator : struct, IBinaryOperator
    {
        private readonly TOperator _op = op;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => _op.Invoke(TV.Load(x + index), TV.Load(y + index)).Store(z + index);
    }
}
