using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Packing: copies matrices into the order in which the micro-kernel reads them. Each thread keeps its buffers and uses them again.</summary>
internal static unsafe class MatrixPacking
{
    // Micro-panels that are written side by side: each k goes on with the cache line of each of them, and with more of them these would be gone by then.
    private const int RowsOfStrip = 8 * MicroKernel.Rows;

    [ThreadStatic]
    private static AlignedBuffer? _a;

    [ThreadStatic]
    private static AlignedBuffer? _microPanel;

    [ThreadStatic]
    private static AlignedBuffer? _result;

    /// <summary>Memory for a block of a.</summary>
    public static float* A(int length) => ThreadMemory.Ensure(ref _a, length);

    /// <summary>Memory for a micro-panel of b.</summary>
    public static float* MicroPanel(int length) => ThreadMemory.Ensure(ref _microPanel, length);

    /// <summary>Memory for a block's rows in one panel of a result that a fused update applies.</summary>
    public static float* Result(int length) => ThreadMemory.Ensure(ref _result, length);

    /// <summary>Packs columns of a row-major matrix into rows of a given width. What pads them is never used.</summary>
    /// <param name="source">The first column of the first row; rows lie <paramref name="stride"/> apart.</param>
    /// <param name="stride">Elements from row to row.</param>
    /// <param name="destination">rows x width.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns, at most the width.</param>
    /// <param name="width">The length of a packed row: whole vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Columns<TV>(float* source, nint stride, float* destination, int rows, int columns, int width) where TV : struct, ISimd<TV>
    {
        // Whole vectors, as long as they end within the matrix.
        var row = 0;
        for (var last = rows - 1 - (width - columns + stride - 1) / stride; row <= last; row++, source += stride, destination += width)
        {
            for (var column = 0; column < width; column += TV.Count)
                TV.Load(source + column).Store(destination + column);
        }

        for (; row < rows; row++, source += stride, destination += width)
        {
            for (var column = 0; column < width; column++)
                destination[column] = column < columns ? source[column] : 0;
        }
    }

    /// <summary>The same for a transposed matrix in panels: rows of the source become columns.</summary>
    /// <param name="source">The matrix.</param>
    /// <param name="firstColumn">The first column to write: a row of the source.</param>
    /// <param name="firstRow">The first row to write: a column of the source, at the start of a panel.</param>
    /// <param name="destination">rows x width.</param>
    /// <param name="rows">How many rows to write.</param>
    /// <param name="columns">How many columns to write, at most the width.</param>
    /// <param name="width">The length of a packed row.</param>
    public static void TransposedColumns(MatrixColumns source, int firstColumn, int firstRow, float* destination, int rows, int columns, int width)
    {
        for (var row = 0; row < rows; row += PanelLayout.Width)
        {
            var stride = source.Stride(firstRow + row);
            Transposed(source.At(firstRow + row) + firstColumn * stride, stride, destination + row * width, Math.Min(rows - row, PanelLayout.Width), columns, width);
        }
    }

    /// <summary>Copies some panels of a transposed matrix in panels. They are its <see cref="TransposedColumns"/>, each panel as wide as its own columns.</summary>
    /// <param name="source">columns x rows.</param>
    /// <param name="destination">rows x columns, in panels.</param>
    /// <param name="rows">Rows of the destination.</param>
    /// <param name="columns">Columns of the destination.</param>
    /// <param name="firstColumn">The first column to write, at the start of a panel.</param>
    /// <param name="endColumn">The column after the last to write, at the end of a panel.</param>
    public static void TransposedPanels(MatrixColumns source, float* destination, int rows, int columns, int firstColumn, int endColumn)
    {
        for (var column = firstColumn; column < endColumn; column += PanelLayout.Width)
        {
            var width = PanelLayout.Stride(columns, column);
            TransposedColumns(source, column, firstRow: 0, destination + PanelLayout.Start(rows, column), rows, width, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(float* source, nint stride, float* destination, int rows, int columns, int width)
    {
        var column = 0;
        if (Avx.IsSupported)
        {
            for (; column <= columns - 8; column += 8)
                Transposed8(source + column * stride, stride, destination + column, rows, width);
        }

        if (FourByFour.IsSupported)
        {
            for (; column <= columns - 4; column += 4)
                Transposed4(source + column * stride, stride, destination + column, rows, width);
        }

        for (; column < columns; column++)
        {
            for (var row = 0; row < rows; row++)
                destination[(nint)row * width + column] = source[column * stride + row];
        }

        for (var row = 0; row < rows && columns < width; row++)
            new Span<float>(destination + (nint)row * width + columns, width - columns).Clear();
    }

    /// <summary>Packs rows of a transposed matrix into micro-panels of <see cref="MicroKernel.Rows"/> rows, k by k: the order in which the micro-kernel reads a.</summary>
    /// <param name="source">inner x rows.</param>
    /// <param name="firstRow">The first row: a column of the source.</param>
    /// <param name="firstInner">The first k: a row of the source.</param>
    /// <param name="destination">(inner x <see cref="MicroKernel.Rows"/>) for each micro-panel; of the last one only the rows that exist are written.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="inner">How many k.</param>
    public static void RowMicroPanels(MatrixRows source, int firstRow, int firstInner, float* destination, int rows, int inner)
    {
        for (var row = 0; row < rows; row += RowsOfStrip)
            PackStrip(source, firstRow + row, firstInner, destination + (nint)row * inner, Math.Min(RowsOfStrip, rows - row), inner);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackStrip(MatrixRows source, int firstRow, int firstInner, float* destination, int rows, int inner)
    {
        for (var k = 0; k < inner; k++)
        {
            var from = source.Start(firstInner + k) + firstRow;
            var to = destination + (nint)k * MicroKernel.Rows;
            var row = 0;
            for (; row <= rows - MicroKernel.Rows; row += MicroKernel.Rows)
            {
                Vector128.Store(Vector128.Load(from + row), to);
                Vector128.Store(Vector128.Load(from + row + 4), to + 4);
                to += (nint)inner * MicroKernel.Rows;
            }

            for (var rest = 0; row + rest < rows; rest++)
                to[rest] = from[row + rest];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed8(float* source, nint stride, float* destination, int rows, int width)
    {
        var row = 0;
        for (; row <= rows - 8; row += 8, source += 8)
        {
            // An 8 x 8 transposition in three steps: interleave single values, then pairs of them, then exchange the halves of vectors.
            var (a, b) = Interleave(Vector256.Load(source), Vector256.Load(source + stride));
            var (c, d) = Interleave(Vector256.Load(source + 2 * stride), Vector256.Load(source + 3 * stride));
            var (e, f) = Interleave(Vector256.Load(source + 4 * stride), Vector256.Load(source + 5 * stride));
            var (g, h) = Interleave(Vector256.Load(source + 6 * stride), Vector256.Load(source + 7 * stride));
            var (p, q) = InterleavePairs(a, c);
            var (r, s) = InterleavePairs(b, d);
            var (t, u) = InterleavePairs(e, g);
            var (v, w) = InterleavePairs(f, h);
            Vector256.Store(Avx.Permute2x128(p, t, 0x20), destination);
            Vector256.Store(Avx.Permute2x128(q, u, 0x20), destination + width);
            Vector256.Store(Avx.Permute2x128(r, v, 0x20), destination + 2 * width);
            Vector256.Store(Avx.Permute2x128(s, w, 0x20), destination + 3 * width);
            Vector256.Store(Avx.Permute2x128(p, t, 0x31), destination + 4 * width);
            Vector256.Store(Avx.Permute2x128(q, u, 0x31), destination + 5 * width);
            Vector256.Store(Avx.Permute2x128(r, v, 0x31), destination + 6 * width);
            Vector256.Store(Avx.Permute2x128(s, w, 0x31), destination + 7 * width);
            destination += 8 * width;
        }

        for (; row < rows; row++, source++, destination += width)
        {
            for (var column = 0; column < 8; column++)
                destination[column] = source[column * stride];
        }

        static (Vector256<float>, Vector256<float>) Interleave(Vector256<float> x, Vector256<float> y) => (Avx.UnpackLow(x, y), Avx.UnpackHigh(x, y));

        static (Vector256<float>, Vector256<float>) InterleavePairs(Vector256<float> x, Vector256<float> y)
        {
            var (low, high) = Interleave64(x.AsDouble(), y.AsDouble());
            return (low.AsSingle(), high.AsSingle());
        }

        static (Vector256<double>, Vector256<double>) Interleave64(Vector256<double> x, Vector256<double> y) => (Avx.UnpackLow(x, y), Avx.UnpackHigh(x, y));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed4(float* source, nint stride, float* destination, int rows, int width)
    {
        var row = 0;
        for (; row <= rows - 4; row += 4, source += 4)
        {
            var (first, second, third, fourth) = FourByFour.Transpose(
                Vector128.Load(source), Vector128.Load(source + stride), Vector128.Load(source + 2 * stride), Vector128.Load(source + 3 * stride));
            Vector128.Store(first, destination);
            Vector128.Store(second, destination + width);
            Vector128.Store(third, destination + 2 * width);
            Vector128.Store(fourth, destination + 3 * width);
            destination += 4 * width;
        }

        for (; row < rows; row++, source++, destination += width)
        {
            for (var column = 0; column < 4; column++)
                destination[column] = source[column * stride];
        }
    }
}
