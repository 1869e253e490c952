using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// c = start + a · b, cut into blocks that fit the caches, and those into panels of columns for <see cref="MatrixTiles"/>. The cuts do not
/// change a bit: every element of c is accumulated in order of the inner index. Compiled optimized at once, as all of the products (see Elementwise).
/// </summary>
/// <param name="a">rows x inner; or, where transposed, inner x rows.</param>
/// <param name="isLeftTransposed">Whether a lies in memory as inner x rows.</param>
/// <param name="b">inner x columns; or, where transposed, columns x inner in panels.</param>
/// <param name="isRightTransposed">Whether b lies in memory as columns x inner.</param>
/// <param name="start">(columns) that every row starts from, or null for zeros.</param>
/// <param name="c">rows x columns.</param>
/// <param name="target">What applies c, which lies in panels, as it is computed, instead of having it written; nothing by default.</param>
internal readonly unsafe struct MatrixBlocks(
    MatrixRows a, bool isLeftTransposed, MatrixColumns b, bool isRightTransposed, float* start, MatrixColumns c, GradientTarget target = default) : IPartWork
{
    // Of a, a block takes 1 MiB, about a second-level cache.
    private const int BlockElements = 1 << 18;

    // Where something is packed: a panel of 256 x 32 takes 32 KiB, about a first-level cache.
    private const int BlockInner = 256;

    // Elsewhere: only a last panel narrower than a vector is packed, into at most 4 MiB however long the sums are.
    private const int LongestInner = 1 << 16;

    // Rows that lie a multiple of this apart fall into the same few sets of a cache.
    private const int BadStride = 256;

    // From here on a row is a page or more from the next.
    private const int FarStride = 1024;

    /// <summary>The length of the sums.</summary>
    public int Inner => isLeftTransposed ? a.Rows : a.Columns;

    /// <summary>Rows of c.</summary>
    public int Rows => isLeftTransposed ? a.Columns : a.Rows;

    /// <summary>Columns of c.</summary>
    public int Columns => c.Columns;

    /// <summary>Computes a part of c. Columns begin at whole panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(MatrixPart part)
    {
        var (firstRow, endRow, firstColumn, endColumn) = part;
        var inner = Inner;
        var packsLeft = isLeftTransposed && a.Columns >= FarStride && a.Columns % BadStride == 0 && endColumn - firstColumn > MatrixTiles.Rows;
        var packsRight = isRightTransposed || (b.Stride(0) >= FarStride && endRow - firstRow >= 4 * MatrixTiles.Rows);
        // The fused update needs finished sums, so the inner index is not split.
        var blockInner = target.Update is not null ? inner : packsLeft || packsRight ? BlockInner : LongestInner;
        var blockRows = Math.Max(BlockElements / Math.Max(Math.Min(blockInner, inner), 1) / MatrixTiles.Rows, 1) * MatrixTiles.Rows;
        for (var row = firstRow; row < endRow; row += blockRows)
        {
            // Once where the sums are empty: they are what they start from.
            var k = 0;
            do
            {
                var rows = Math.Min(blockRows, endRow - row);
                var length = Math.Min(blockInner, inner - k);
                Panels(new Block(Left(row, rows, k, length, packsLeft), row, k, length, packsRight), firstColumn, endColumn);
            }
            while ((k += blockInner) < inner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private LeftBlock Left(int row, int rows, int k, int length, bool packs)
    {
        nint stride = a.Columns;
        if (packs)
        {
            var groups = MatrixPacking.Left((int)AlignedBuffer.RoundUp(rows) * length);
            MatrixPacking.Groups(a, row, k, groups, rows, length);
            return new LeftBlock(groups, 1, MatrixTiles.Rows, MatrixTiles.Rows * length, rows);
        }

        if (isLeftTransposed)
        {
            return a.Offsets == null
                ? new LeftBlock(a.Elements + k * stride + row, 1, stride, MatrixTiles.Rows, rows)
                : new LeftBlock(a.Elements + row, 1, stride, MatrixTiles.Rows, rows, innerOffsets: a.Offsets + k);
        }

        return a.Offsets == null
            ? new LeftBlock(a.Elements + row * stride + k, stride, 1, MatrixTiles.Rows * stride, rows)
            : new LeftBlock(a.Elements + k, stride, 1, 0, rows, rowOffsets: a.Offsets + row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Panels(in Block block, int firstColumn, int endColumn)
    {
        for (var column = firstColumn; column < endColumn;)
        {
            // A few columns are filled up to a vector, which takes packing them; for a row or two that does not pay.
            var rest = endColumn - column;
            var filled = block.Left.Rows > 2 ? 2 * rest : rest;
            if (Vector512.IsHardwareAccelerated && filled > Simd512.Count - 1)
                column += Panel<Simd512>(in block, column, rest);
            else if (Vector256.IsHardwareAccelerated && filled > Simd256.Count - 1)
                column += Panel<Simd256>(in block, column, rest);
            else if (Vector128.IsHardwareAccelerated && (filled > Simd128.Count - 1 || block.Left.Rows > 2))
                column += Panel<Simd128>(in block, column, rest);
            else
                column += Panel<Scalar>(in block, column, rest);
            if (target.Update is not null && (column % PanelLayout.Width == 0 || column == endColumn))
                Apply(in block, (column - 1) & -PanelLayout.Width);
        }
    }

    /// <summary>Where the elements of a column of a block go.</summary>
    private float* Result(in Block block, int column, nint stride) =>
        target.Update is null ? c.At(column) + block.Row * stride : MatrixPacking.Result(block.Left.Rows * (int)stride) + column % PanelLayout.Width;

    private void Apply(in Block block, int firstColumn)
    {
        var stride = (int)c.Stride(firstColumn);
        var length = block.Left.Rows * stride;
        target.Update!.Apply(MatrixPacking.Result(length), target.Offset + (int)PanelLayout.Start(Rows, firstColumn) + block.Row * stride, length, target.IsDecayed);
    }

    /// <summary>Two vectors of columns, or one, or a part of one.</summary>
    /// <returns>How many columns were done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Panel<TV>(in Block block, int column, int rest) where TV : struct, ISimd<TV>
    {
        var width = rest >= 2 * TV.Count ? 2 * TV.Count : TV.Count;
        var done = Math.Min(width, rest);
        float* right;
        nint rightRow = width;
        if (isRightTransposed)
        {
            right = MatrixPacking.Panel(block.Inner * width);
            MatrixPacking.TransposedColumns(b, column, block.K, right, block.Inner, done, width);
        }
        else if (block.PacksRight || done < width)
        {
            right = MatrixPacking.Panel(block.Inner * width);
            MatrixPacking.Columns<TV>(b.At(column) + block.K * b.Stride(column), b.Stride(column), right, block.Inner, done, width);
        }
        else
        {
            rightRow = b.Stride(column);
            right = b.At(column) + block.K * rightRow;
        }

        var resultRow = c.Stride(column);
        var result = Result(in block, column, resultRow);
        var from = block.K > 0 ? result : start == null ? null : start + column;
        var fromRow = block.K > 0 ? resultRow : 0;
        if (done < width)
            PartOfVector<TV>(in block, right, from, fromRow, result, resultRow, done);
        else
            new MatrixTiles(rightRow, resultRow, fromRow, block.Inner).Run<TV>(in block.Left, right, from, result, width > TV.Count);
        return done;
    }

    /// <summary>Whole vectors go to a small buffer, from where the columns that exist are taken.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PartOfVector<TV>(in Block block, float* right, float* from, nint fromRow, float* target, nint targetRow, int columns)
        where TV : struct, ISimd<TV>
    {
        var buffer = stackalloc float[MatrixTiles.Rows * TV.Count];
        var tiles = new MatrixTiles(TV.Count, TV.Count, TV.Count, block.Inner);
        for (var row = 0; row < block.Left.Rows; row += MatrixTiles.Rows)
        {
            var group = block.Left.Skip(row).Take(MatrixTiles.Rows);
            if (from != null)
                Copy(from + row * fromRow, fromRow, buffer, TV.Count, group.Rows, columns);
            tiles.Run<TV>(in group, right, from == null ? null : buffer, buffer, isPair: false);
            Copy(buffer, TV.Count, target + row * targetRow, targetRow, group.Rows, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(float* source, nint sourceRow, float* destination, nint destinationRow, int rows, int columns)
    {
        for (; rows > 0; rows--, source += sourceRow, destination += destinationRow)
        {
            for (var column = 0; column < columns; column++)
                destination[column] = source[column];
        }
    }

    /// <summary>Some rows and some of the inner index.</summary>
    private readonly struct Block(LeftBlock left, int row, int k, int inner, bool packsRight)
    {
        public readonly LeftBlock Left = left;
        public readonly int Row = row;
        public readonly int K = k;
        public readonly int Inner = inner;
        public readonly bool PacksRight = packsRight;
    }
}
