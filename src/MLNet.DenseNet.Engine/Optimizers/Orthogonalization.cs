using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Brings the singular values of a matrix near 1 and keeps its singular vectors: p(Y) = Y (a I + b YᵀY + c (YᵀY)²), applied some times, does to each singular value what a x + b x³ + c x⁵ does. Where the matrix is
/// wide, Y is its transpose. All memory is allocated at construction, and any number of threads gives the same bits, since products do.
/// </summary>
/// <remarks>Jordan and others, "Muon: an optimizer for hidden layers in neural networks" (2024): its constants make small values grow fast, and leave those near 1 between 0.7 and 1.2.</remarks>
/// <param name="size">The values of the largest matrix.</param>
/// <param name="side">The largest smaller side of a matrix.</param>
internal sealed unsafe class Orthogonalization(int size, int side)
{
    private const float A = 3.4445f;
    private const float B = -4.7750f;
    private const float C = 2.0315f;

    // Keeps the factor finite where all values are 0, or nearly.
    private const double SmallestNorm = 1e-30;

    private readonly AlignedBuffer _rows = new(size);
    private readonly AlignedBuffer _otherRows = new(size);
    private readonly AlignedBuffer _gram = new((long)side * side);
    private readonly AlignedBuffer _square = new((long)side * side);
    private readonly AlignedBuffer _squarePanels = new((long)side * side);

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
            Elementwise.Run(new Scaling(factor, values), matrix.Length);

        var (y, next) = (_rows, _otherRows);
        PanelLayout.ToRowMajor(matrix, y.Span, columns);
        var isWide = rows < columns;
        if (isWide)
        {
            Transposition.ToColumns(y.Span[..matrix.Length], columns, next.Pointer, rows);
            (y, next) = (next, y);
        }

        for (var iteration = 0; iteration < iterations; iteration++)
        {
            Apply(y, next, Math.Max(rows, columns), Math.Min(rows, columns), team);
            (y, next) = (next, y);
        }

        if (isWide)
        {
            Transposition.ToRows(y.Span[..matrix.Length], columns, next.Span[..matrix.Length]);
            y = next;
        }

        PanelLayout.FromRowMajor(y.Span[..matrix.Length], matrix, columns);
    }

    /// <summary>next = p(y), both (rows x columns), row-major.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apply(AlignedBuffer y, AlignedBuffer next, int rows, int columns, ThreadTeam? team)
    {
        var area = columns * columns;
        var gram = _gram.Span[..area];
        var square = _square.Span[..area];
        var panels = _squarePanels.Span[..area];
        var matrix = new MatrixRows(y.Pointer, rows, columns);
        MatrixProduct.MultiplyTransposedLeft(matrix, y.Span[..(rows * columns)], panels, columns, MatrixProduct.Shares(columns, rows, columns, team), default(NoWork), team);
        PanelLayout.ToRowMajor(panels, gram, columns);
        MatrixProduct.Multiply(new MatrixRows(_gram.Pointer, columns, columns), panels, bias: [], square, columns, default(NoWork), team);
        Elementwise.Run(new Polynomial(_gram.Pointer, _square.Pointer), area);
        for (var i = 0; i < columns; i++)
            square[i * columns + i] += A;
        PanelLayout.FromRowMajor(square, panels, columns);
        MatrixProduct.Multiply(matrix, panels, bias: [], next.Span[..(rows * columns)], columns, default(NoWork), team);
    }

    private readonly struct Scaling(float factor, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => (TV.Load(values + index) * TV.Broadcast(factor)).Store(values + index);
    }

    /// <summary>square = b gram + c square.</summary>
    private readonly struct Polynomial(float* gram, float* square) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> =>
            TV.FusedMultiplyAdd(TV.Broadcast(B), TV.Load(gram + index), TV.Broadcast(C) * TV.Load(square + index)).Store(square + index);
    }
}
