using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Brings the singular values of a matrix near 1 and keeps its singular vectors: p(Y) = Y P with P = a I + b G + c G² and the Gram matrix G = YᵀY, applied some times, does to each singular value what a x + b x³ + c x⁵ does.
/// Where the matrix is wide, Y is its transpose. All memory is allocated at construction, and any number of threads gives the same bits, since products do.
/// </summary>
/// <remarks>Jordan and others, "Muon: an optimizer for hidden layers in neural networks" (2024): its constants make small values grow fast, and leave those near 1 between 0.7 and 1.2.</remarks>
/// <param name="size">The values of the largest matrix.</param>
/// <param name="side">The largest smaller side of a matrix.</param>
internal sealed unsafe class Orthogonalization(int size, int side)
{
    private const float A = 3.4445f;
    private const float B = -4.7750f;
    private const float C = 2.0315f;

    // From such a ratio of its sides on, products of Gram matrices take less time than those of the whole matrix.
    private const int TallRatio = 2;

    // How often one Gram matrix is taken through the polynomial. What is rounded in it, some 1e-7, grows by 3.4445² each time, and small values would be lost in it.
    private const int IterationsOfGram = 3;

    // Keeps the factor finite where all values are 0, or nearly.
    private const double SmallestNorm = 1e-30;

    private readonly AlignedBuffer _rows = new(size);
    private readonly AlignedBuffer _otherRows = new(size);
    private readonly AlignedBuffer _gram = new((long)side * side);
    private readonly AlignedBuffer _polynomial = new((long)side * side);
    private readonly AlignedBuffer _factor = new((long)side * side);
    private readonly AlignedBuffer _panels = new((long)side * side);

    /// <summary>Changes a matrix in place.</summary>
    /// <param name="matrix">(rows x columns), in panels.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="iterations">How often the polynomial is applied.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(Span<float> matrix, int rows, int columns, int iterations, ThreadTeam? team)
    {
        // No singular value is above the root of the sum of squares.
        var factor = (float)(1 / Math.Max(Math.Sqrt(SumOfSquares.Of(matrix)), SmallestNorm));
        fixed (float* values = matrix)
            Elementwise.Scale(factor, values, matrix.Length);

        var (y, next) = (_rows, _otherRows);
        PanelLayout.ToRowMajor(matrix, y.Span, columns);
        var isWide = rows < columns;
        if (isWide)
        {
            Transposition.ToColumns(y.Span[..matrix.Length], columns, next.Pointer, rows);
            (y, next) = (next, y);
        }

        var (longer, shorter) = (Math.Max(rows, columns), Math.Min(rows, columns));
        var atOnce = longer >= TallRatio * shorter ? IterationsOfGram : 1;
        for (var remaining = iterations; remaining > 0; remaining -= atOnce)
        {
            Apply(y, next, longer, shorter, Math.Min(atOnce, remaining), team);
            (y, next) = (next, y);
        }

        if (isWide)
        {
            Transposition.ToRows(y.Span[..matrix.Length], columns, next.Span[..matrix.Length]);
            y = next;
        }

        PanelLayout.FromRowMajor(y.Span[..matrix.Length], matrix, columns);
    }

    /// <summary>next = p(y), applied some times, both (rows x columns), row-major. The Gram matrix of p(Y) is P G P: all that is done to Y comes to one factor, the product of all P.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(AlignedBuffer y, AlignedBuffer next, int rows, int columns, int iterations, ThreadTeam? team)
    {
        var area = columns * columns;
        var panels = _panels.Span[..area];
        var (polynomial, factor) = (_polynomial, _factor);
        var matrix = new MatrixRows(y.Pointer, rows, columns);
        MatrixProduct.MultiplyTransposedLeft(matrix, y.Span[..(rows * columns)], panels, columns, MatrixProduct.Shares(columns, rows, columns, team), default(NoWork), team);
        PanelLayout.ToRowMajor(panels, _gram.Span[..area], columns);
        for (var iteration = 0; iteration < iterations; iteration++)
        {
            Multiply(_gram, polynomial);
            Elementwise.Run(new Polynomial(_gram.Pointer, polynomial.Pointer), area);
            for (var i = 0; i < columns; i++)
                polynomial.Span[i * columns + i] += A;
            PanelLayout.FromRowMajor(polynomial.Span[..area], panels, columns);
            if (iteration > 0)
                Multiply(factor, polynomial);
            (polynomial, factor) = (factor, polynomial);
            if (iteration == iterations - 1)
                break;
            Multiply(_gram, polynomial);
            Multiply(polynomial, _gram);
            PanelLayout.FromRowMajor(_gram.Span[..area], panels, columns);
        }

        PanelLayout.FromRowMajor(factor.Span[..area], panels, columns);
        MatrixProduct.Multiply(matrix, panels, bias: [], next.Span[..(rows * columns)], columns, default(NoWork), team);

        // By the matrix in the panels.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        void Multiply(AlignedBuffer left, AlignedBuffer product) =>
            MatrixProduct.Multiply(new MatrixRows(left.Pointer, columns, columns), _panels.Span[..area], bias: [], product.Span[..area], columns, default(NoWork), team);
    }

    /// <summary>values = b gram + c values, which are the squared Gram matrix before.</summary>
    private readonly struct Polynomial(float* gram, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Broadcast(B), TV.Load(gram + index), TV.Broadcast(C) * TV.Load(values + index)).Store(values + index);
    }
}
