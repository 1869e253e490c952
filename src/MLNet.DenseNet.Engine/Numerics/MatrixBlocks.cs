using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// c = start + a · b, cut into blocks that fit the caches, and those into panels of columns for <see cref="MatrixTiles"/>. The cuts do not
/// change a bit: every element of c is accumulated in order of the inner index. Compiled optimized at once, as all of the products (see Elementwise).
/// </summary>
/// <param name="a">rows x inner: element (i, k) at a[i * aRow + k * aColumn].</param>
/// <param name="aRow">Elements from row to row of a.</param>
/// <param name="aColumn">Elements from column to column of a: 1, or else aRow is 1.</param>
/// <param name="b">inner x columns: rows bRow apart; or, where transposed, columns x inner.</param>
/// <param name="bRow">Elements from row to row of b as it lies in memory.</param>
/// <param name="isTransposed">Whether b lies in memory as columns x inner.</param>
/// <param name="start">(columns) that every row starts from, or null for zeros.</param>
/// <param name="c">rows x columns.</param>
/// <param name="cRow">Elements from row to row of c.</param>
internal readonly unsafe struct MatrixBlocks(
    float* a, nint aRow, nint aColumn, float* b, nint bRow, bool isTransposed, float* start, float* c, nint cRow)
{
    // Of a, a block takes 1 MiB, about a second-level cache.
    private const int BlockElements = 1 << 18;

    // Where something is packed: a panel of 256 x 32 takes 32 KiB, about a first-level cache.
    private const int BlockInner = 256;

    // Multiply-adds that take some microseconds, a few times what handing over work and data takes.
    private const int OperationsWorthAThread = 300_000;

    // Rows that lie a multiple of this apart fall into the same few sets of a cache.
    private const int BadStride = 256;

    // From here on a row is a page or more from the next.
    private const int FarStride = 1024;

    /// <summary>Computes all of c, on several threads where it is large enough.</summary>
    /// <param name="rows">Rows of c.</param>
    /// <param name="inner">The length of the sums.</param>
    /// <param name="columns">Columns of c.</param>
    /// <param name="crew">Who shares the work; null for the caller alone.</param>
    /// <param name="copies">A copy of a for each thread, so that it need not come from another core's cache; empty where there is only a.</param>
    public void Run(int rows, int inner, int columns, Crew? crew, MatrixCopies copies = default)
    {
        var parts = crew is null ? 1 : (int)Math.Min(crew.Threads, (long)rows * inner * columns / OperationsWorthAThread);
        if (parts <= 1)
        {
            Run(0, rows, inner, 0, columns);
            return;
        }

        var work = new Parts(this, rows, inner, columns, copies);
        crew!.Run(ref work, parts);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(int firstRow, int endRow, int inner, int firstColumn, int endColumn)
    {
        var packsLeft = aColumn >= FarStride && aColumn % BadStride == 0 && endColumn - firstColumn > MatrixTiles.Rows;
        var packsRight = isTransposed || (bRow >= FarStride && endRow - firstRow >= 4 * MatrixTiles.Rows);
        var blockInner = packsLeft || packsRight ? BlockInner : inner;
        var blockRows = Math.Max(BlockElements / Math.Max(Math.Min(blockInner, inner), 1) / MatrixTiles.Rows, 1) * MatrixTiles.Rows;
        for (var row = firstRow; row < endRow; row += blockRows)
        {
            // Once where the sums are empty: they are what they start from.
            var k = 0;
            do
                Columns(CreateBlock(row, Math.Min(blockRows, endRow - row), k, Math.Min(blockInner, inner - k), packsLeft, packsRight), firstColumn, endColumn);
            while ((k += blockInner) < inner);
        }
    }

    private MatrixBlocks WithLeft(float* left) => new(left, aRow, aColumn, b, bRow, isTransposed, start, c, cRow);

    private Block CreateBlock(int row, int rows, int k, int inner, bool packsLeft, bool packsRight)
    {
        var left = a + row * aRow + k * aColumn;
        if (!packsLeft)
            return new Block(left, aRow, aColumn, groupStep: MatrixTiles.Rows * aRow, row, rows, k, inner, packsRight);

        var groups = MatrixPacking.Left((int)AlignedBuffer.RoundUp(rows) * inner);
        MatrixPacking.Groups(left, aColumn, groups, rows, inner);
        return new Block(groups, leftRow: 1, leftColumn: MatrixTiles.Rows, groupStep: MatrixTiles.Rows * inner, row, rows, k, inner, packsRight);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Columns(in Block block, int firstColumn, int endColumn)
    {
        for (var column = firstColumn; column < endColumn;)
        {
            // A few columns are filled up to a vector, which takes packing them; for a row or two that does not pay.
            var rest = endColumn - column;
            var filled = block.Rows > 2 ? 2 * rest : rest;
            if (Vector512.IsHardwareAccelerated && filled > Simd512.Count - 1)
                column += Panel<Simd512>(in block, column, rest);
            else if (Vector256.IsHardwareAccelerated && filled > Simd256.Count - 1)
                column += Panel<Simd256>(in block, column, rest);
            else if (Vector128.IsHardwareAccelerated && (filled > Simd128.Count - 1 || block.Rows > 2))
                column += Panel<Simd128>(in block, column, rest);
            else
                column += Panel<Scalar>(in block, column, rest);
        }
    }

    /// <summary>Two vectors of columns, or one, or a part of one.</summary>
    /// <returns>How many columns were done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Panel<TV>(in Block block, int column, int rest) where TV : struct, ISimd<TV>
    {
        var width = rest >= 2 * TV.Count ? 2 * TV.Count : TV.Count;
        var done = Math.Min(width, rest);
        var right = isTransposed ? b + column * bRow + block.K : b + block.K * bRow + column;
        var rightRow = bRow;
        if (block.PacksRight || done < width)
        {
            var panel = MatrixPacking.Panel(block.Inner * width);
            if (isTransposed)
                MatrixPacking.TransposedColumns(right, bRow, panel, block.Inner, done, width);
            else
                MatrixPacking.Columns<TV>(right, bRow, panel, block.Inner, done, width);
            right = panel;
            rightRow = width;
        }

        var target = c + block.Row * cRow + column;
        var from = block.K > 0 ? target : start == null ? null : start + column;
        var fromRow = block.K > 0 ? cRow : 0;
        if (done < width)
            PartOfVector<TV>(in block, right, from, fromRow, target, done);
        else
            new MatrixTiles(block.LeftRow, block.LeftColumn, block.GroupStep, rightRow, cRow, fromRow, block.Inner)
                .Run<TV>(block.Left, right, from, target, block.Rows, width > TV.Count);
        return done;
    }

    /// <summary>Whole vectors go to a small buffer, from where the columns that exist are taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PartOfVector<TV>(in Block block, float* right, float* from, nint fromRow, float* target, int columns) where TV : struct, ISimd<TV>
    {
        var buffer = stackalloc float[MatrixTiles.Rows * TV.Count];
        var tiles = new MatrixTiles(block.LeftRow, block.LeftColumn, block.GroupStep, TV.Count, TV.Count, TV.Count, block.Inner);
        var left = block.Left;
        for (var row = 0; row < block.Rows; row += MatrixTiles.Rows, left += block.GroupStep)
        {
            var rows = Math.Min(MatrixTiles.Rows, block.Rows - row);
            if (from != null)
                Copy(from + row * fromRow, fromRow, buffer, TV.Count, rows, columns);
            tiles.Run<TV>(left, right, from == null ? null : buffer, buffer, rows, isPair: false);
            Copy(buffer, TV.Count, target + row * cRow, cRow, rows, columns);
        }
    }

    private static void Copy(float* source, nint sourceRow, float* destination, nint destinationRow, int rows, int columns)
    {
        for (; rows > 0; rows--, source += sourceRow, destination += destinationRow)
            new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(destination, columns));
    }

    /// <summary>
    /// The result cut for several threads: by columns where they suffice, since a thread then keeps the same columns of the weights in its cache
    /// from pass to pass, else by rows.
    /// </summary>
    private readonly struct Parts(MatrixBlocks blocks, int rows, int inner, int columns, MatrixCopies copies) : ICrewWork
    {
        public void Do(int part, int parts)
        {
            var own = copies.IsEmpty ? blocks : blocks.WithLeft(copies[part]);
            if (Crew.CutsColumns(columns, parts))
                own.Run(0, rows, inner, Crew.CutColumns(columns, part, parts), Crew.CutColumns(columns, part + 1, parts));
            else
                own.Run(Crew.Cut(rows, MatrixTiles.Rows, part, parts), Crew.Cut(rows, MatrixTiles.Rows, part + 1, parts), inner, 0, columns);
        }
    }

    /// <summary>Some rows and some of the inner index.</summary>
    private readonly struct Block(
        float* left, nint leftRow, nint leftColumn, nint groupStep, int row, int rows, int k, int inner, bool packsRight)
    {
        public readonly float* Left = left;
        public readonly nint LeftRow = leftRow;
        public readonly nint LeftColumn = leftColumn;
        public readonly nint GroupStep = groupStep;
        public readonly int Row = row;
        public readonly int Rows = rows;
        public readonly int K = k;
        public readonly int Inner = inner;
        public readonly bool PacksRight = packsRight;
    }
}
