using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// c = start + a · b, with the loops and the packing around the micro-kernel, as BLIS has them: blocks of a, mc rows and kc of the inner index, times micro-panels of b. Their sizes change
/// no bit, as every element of c is accumulated in order of the inner index. Like all products it is compiled optimized at once (see <see cref="Elementwise"/>).
/// </summary>
/// <param name="a">rows x inner; or, where transposed, inner x rows.</param>
/// <param name="isATransposed">Whether a lies in memory as inner x rows.</param>
/// <param name="b">inner x columns; or, where transposed, columns x inner in panels.</param>
/// <param name="isBTransposed">Whether b lies in memory as columns x inner.</param>
/// <param name="start">(columns) that every row starts from, or null for zeros.</param>
/// <param name="c">rows x columns.</param>
/// <param name="target">What applies c panel by panel while it is computed; by default c is written. Only for a c in panels.</param>
/// <param name="adds">Whether sums start from what c holds.</param>
/// <param name="leftOut">Of each <see cref="PanelLayout.UnreadUnit"/> columns of c, whether they may stay as they are; null where none may.</param>
/// <remarks>Van Zee and van de Geijn, "BLIS: A framework for rapidly instantiating BLAS functionality" (2015).</remarks>
internal readonly unsafe struct MacroKernel(
    MatrixRows a, bool isATransposed, MatrixColumns b, bool isBTransposed, float* start, MatrixColumns c, GradientTarget target = default, bool adds = false, bool* leftOut = null) : IPartWork
{
    private int Inner => isATransposed ? a.Rows : a.Columns;

    private int Rows => isATransposed ? a.Columns : a.Rows;

    /// <summary>Computes a part of c. Columns begin at whole panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(MatrixPart part) => Run(part, BlockSizes.For(
        in part, Inner, isATransposed ? a.Columns : 0, isBTransposed ? 0 : b.Stride(0), isBTransposed, needsFinishedSums: target.Update is not null));

    /// <summary>The same with blocks of other sizes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(in MatrixPart part, in BlockSizes sizes)
    {
        var inner = Inner;
        for (var row = part.FirstRow; row < part.EndRow; row += sizes.Mc)
        {
            var rows = Math.Min(sizes.Mc, part.EndRow - row);
            // Runs once even where the inner index is empty: c is then what its sums start from.
            var k = 0;
            do
            {
                var length = Math.Min(sizes.Kc, inner - k);
                MicroPanels(new Block(BlockOfA(row, rows, k, length, sizes.PacksA), row, k, length, sizes.PacksB), part.FirstColumn, part.EndColumn);
            }
            while ((k += sizes.Kc) < inner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private PackedA BlockOfA(int row, int rows, int k, int length, bool packs)
    {
        nint stride = a.Columns;
        if (packs)
        {
            var packed = MatrixPacking.A((int)AlignedBuffer.RoundUp(rows) * length);
            MatrixPacking.RowMicroPanels(a, row, k, packed, rows, length);
            return new PackedA(packed, 1, MicroKernel.Rows, MicroKernel.Rows * length, rows);
        }

        var (rowStep, innerStep) = isATransposed ? ((nint)1, stride) : (stride, 1);
        var rowOffsets = isATransposed ? a.ColumnOffsets : a.Offsets;
        var innerOffsets = isATransposed ? a.Offsets : a.ColumnOffsets;
        return new PackedA(
            a.Elements + (rowOffsets == null ? row * rowStep : 0) + (innerOffsets == null ? k * innerStep : 0), rowStep, innerStep, MicroKernel.Rows * rowStep, rows,
            rowOffsets == null ? null : rowOffsets + row, innerOffsets == null ? null : innerOffsets + k);
    }

    /// <summary>Multiplies a block of a by all micro-panels of b, each as wide as the remaining columns allow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MicroPanels(in Block block, int firstColumn, int endColumn)
    {
        for (var column = firstColumn; column < endColumn;)
        {
            if (leftOut != null && leftOut[column / PanelLayout.UnreadUnit])
            {
                column = (column / PanelLayout.UnreadUnit + 1) * PanelLayout.UnreadUnit;
                continue;
            }

            // The last columns are padded to a vector where they fill half of it. That takes packing them, which does not pay for one or two rows.
            var rest = endColumn - column;
            var filled = block.A.Rows > 2 ? 2 * rest : rest;
            if (Vector512.IsHardwareAccelerated && filled > Simd512.Count - 1)
                column += MicroPanel<Simd512>(in block, column, rest);
            else if (Vector256.IsHardwareAccelerated && filled > Simd256.Count - 1)
                column += MicroPanel<Simd256>(in block, column, rest);
            else if (Vector128.IsHardwareAccelerated && (filled > Simd128.Count - 1 || block.A.Rows > 2))
                column += MicroPanel<Simd128>(in block, column, rest);
            else
                column += MicroPanel<Scalar>(in block, column, rest);
            if (target.Update is not null && (column % PanelLayout.Width == 0 || column == endColumn))
                Apply(in block, (column - 1) & -PanelLayout.Width);
        }
    }

    /// <summary>Multiplies a block of a by a micro-panel of b: some vectors of columns, one, or fewer columns than a vector has.</summary>
    /// <returns>How many columns were done.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int MicroPanel<TV>(in Block block, int column, int rest) where TV : struct, ISimd<TV>
    {
        var vectors = rest >= MicroKernel.MostVectors * TV.Count ? MicroKernel.MostVectors : rest >= 2 * TV.Count ? 2 : 1;
        var width = vectors * TV.Count;
        var columns = Math.Min(width, rest);
        var right = MicroPanelOfB<TV>(in block, column, columns, width);
        var result = Result(in block, column);
        var from = From(in block, column, result);
        if (columns < width)
            PartOfVector<TV>(in block, right.Elements, from, result, columns, isWholeRow: result.Stride == columns && from.Stride == 0);
        else
            new MicroKernel(right.Stride, result.Stride, from.Stride, block.Inner).Run<TV>(in block.A, right.Elements, from.Elements, result.Elements, vectors);
        return columns;
    }

    /// <summary>A micro-panel of b: packed where it must be or where that pays, else in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strided MicroPanelOfB<TV>(in Block block, int column, int columns, int width) where TV : struct, ISimd<TV>
    {
        if (!isBTransposed && !block.PacksB && columns == width)
            return new Strided(b.At(column) + block.K * b.Stride(column), b.Stride(column));
        var packed = MatrixPacking.MicroPanel(block.Inner * width);
        if (isBTransposed)
            MatrixPacking.TransposedColumns(b, column, block.K, packed, block.Inner, columns, width);
        else
            MatrixPacking.Columns<TV>(b.At(column) + block.K * b.Stride(column), b.Stride(column), packed, block.Inner, columns, width);
        return new Strided(packed, width);
    }

    /// <summary>Where the sums go: to c, or to the buffer of the thread that the fused update reads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strided Result(in Block block, int column)
    {
        var stride = c.Stride(column);
        return target.Update is null
            ? new Strided(c.At(column) + block.Row * stride, stride)
            : new Strided(MatrixPacking.Result(block.A.Rows * (int)stride) + column % PanelLayout.Width, stride);
    }

    /// <summary>What the sums start from: the sums of the block before; in the first block what c holds, the same values in every row, or zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Strided From(in Block block, int column, Strided result) => block.K > 0 || adds ? result : new Strided(start == null ? null : start + column, 0);

    private void Apply(in Block block, int firstColumn)
    {
        var stride = (int)c.Stride(firstColumn);
        var length = block.A.Rows * stride;
        target.Update!.Apply(MatrixPacking.Result(length), target.Offset + (int)PanelLayout.Start(Rows, firstColumn) + block.Row * stride, length, target.IsDecayed);
    }

    /// <summary>
    /// Computes whole vectors in a small buffer and copies the columns that exist. Where these are all of a row, vectors are stored where they belong: what is beyond a row's end is written again with
    /// the next row, whose sums do not start from there. Only the last rows go through the buffer then.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PartOfVector<TV>(in Block block, float* right, Strided from, Strided result, int columns, bool isWholeRow) where TV : struct, ISimd<TV>
    {
        var buffer = stackalloc float[MicroKernel.Rows * TV.Count];
        var row = 0;
        // So many rows reach no further than the last one ends.
        var inside = isWholeRow ? block.A.Rows - (TV.Count - 1) / columns : 0;
        if (inside >= MicroKernel.Rows)
        {
            var start = stackalloc float[TV.Count];
            if (from.Elements != null)
                Copy(from.Elements, 0, start, 0, 1, columns);
            row = inside / MicroKernel.Rows * MicroKernel.Rows;
            var first = block.A.Take(row);
            new MicroKernel(TV.Count, result.Stride, 0, block.Inner).Run<TV>(in first, right, from.Elements == null ? null : start, result.Elements, vectors: 1);
        }

        var kernel = new MicroKernel(TV.Count, TV.Count, TV.Count, block.Inner);
        for (; row < block.A.Rows; row += MicroKernel.Rows)
        {
            var microPanel = block.A.Skip(row).Take(MicroKernel.Rows);
            if (from.Elements != null)
                Copy(from.Elements + row * from.Stride, from.Stride, buffer, TV.Count, microPanel.Rows, columns);
            kernel.Run<TV>(in microPanel, right, from.Elements == null ? null : buffer, buffer, vectors: 1);
            Copy(buffer, TV.Count, result.Elements + row * result.Stride, result.Stride, microPanel.Rows, columns);
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

    /// <summary>A block of a and its place in the product: its first row, and its range of the inner index.</summary>
    private readonly struct Block(PackedA a, int row, int k, int inner, bool packsB)
    {
        public readonly PackedA A = a;
        public readonly int Row = row;
        public readonly int K = k;
        public readonly int Inner = inner;
        public readonly bool PacksB = packsB;
    }

    /// <summary>Rows that lie a stride apart.</summary>
    private readonly struct Strided(float* elements, nint stride)
    {
        public readonly float* Elements = elements;
        public readonly nint Stride = stride;
    }
}
