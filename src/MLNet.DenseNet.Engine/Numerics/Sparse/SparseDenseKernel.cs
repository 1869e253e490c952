using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>c = start + a · b for a sparse matrix a.</summary>
/// <param name="a">rows x inner.</param>
/// <param name="b">inner x columns.</param>
/// <param name="start">(columns) that every row starts from, or null for zeros.</param>
/// <param name="c">rows x columns; where it lies in panels, the first rows of each.</param>
/// <param name="prefetches">Whether to prefetch rows of b: they are far apart, and b may be larger than the caches.</param>
internal readonly unsafe struct SparseDenseKernel(CsrMatrix a, MatrixColumns b, float* start, MatrixColumns c, bool prefetches) : IPartWork
{
    // How many stored values one pass over the columns takes. Their rows in a panel of b are 8 KiB, which leaves room in a first-level cache for the prefetched ones.
    private const int ChunkLength = 64;

    public int Rows => a.Rows;

    public int Columns => c.Columns;

    /// <summary>Computes a part of c. Columns begin at whole panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(MatrixPart part)
    {
        var (firstRow, endRow, firstColumn, endColumn) = part;
        var scaled = stackalloc float[ChunkLength];
        for (var row = firstRow; row < endRow; row++)
        {
            var (entry, end) = (a.Starts[row], a.Ends[row]);
            var isBegun = false;
            // Runs once even where a row stores nothing: its sums are then what they start from.
            do
            {
                var count = Math.Min(ChunkLength, end - entry);
                var values = a.Scales == null ? a.Values + entry : Scale(entry, count, scaled);
                var (next, nextCount) = prefetches ? Next(entry + count, row, endRow) : default;
                for (var column = firstColumn; column < endColumn; column += PanelLayout.Width)
                {
                    Prefetch(next, nextCount, column);
                    Panel(values, a.Columns + entry, count, column, row, isBegun);
                }

                entry += count;
                isBegun = true;
            }
            while (entry < end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float* Scale(int entry, int count, float* scaled)
    {
        for (var i = 0; i < count; i++)
            scaled[i] = a.Value(entry + i);
        return scaled;
    }

    /// <summary>The chunk of values that comes after an entry: of the same row, or of the next one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int First, int Count) Next(int entry, int row, int endRow)
    {
        if (entry == a.Ends[row] && row + 1 < endRow)
            (entry, row) = (a.Starts[row + 1], row + 1);
        return (entry, Math.Min(ChunkLength, a.Ends[row] - entry));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Prefetch(int first, int count, int column)
    {
        var matrix = b.At(column);
        var stride = b.Stride(column);
        for (var i = 0; i < count; i++)
            CacheLines.Prefetch(matrix + a.Columns[first + i] * stride, (int)stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Panel(float* values, int* indices, int count, int firstColumn, int row, bool isBegun)
    {
        var result = c.At(firstColumn) + row * c.Stride(firstColumn);
        var from = isBegun ? result : start == null ? null : start + firstColumn;
        var sums = new PanelSums(values, indices, count, b.At(firstColumn), b.Stride(firstColumn), from, result);
        VectorWidths.Run(in sums, 0, Math.Min(PanelLayout.Width, c.Columns - firstColumn));
    }

    /// <summary>to = from + the sum of values[i] * row indices[i] of a panel, in some of its columns: two vectors of columns at once, then one.</summary>
    private readonly struct PanelSums(float* values, int* indices, int count, float* panel, nint stride, float* from, float* to) : IVectorLoop
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public int Run<TV>(int column, int end) where TV : struct, ISimd<TV>
        {
            for (; column <= end - 2 * TV.Count; column += 2 * TV.Count)
            {
                var (sum0, sum1) = from == null ? (TV.Broadcast(0f), TV.Broadcast(0f)) : (TV.Load(from + column), TV.Load(from + column + TV.Count));
                for (var i = 0; i < count; i++)
                {
                    var x = TV.Broadcast(values[i]);
                    var row = panel + indices[i] * stride + column;
                    sum0 = TV.FusedMultiplyAdd(x, TV.Load(row), sum0);
                    sum1 = TV.FusedMultiplyAdd(x, TV.Load(row + TV.Count), sum1);
                }

                sum0.Store(to + column);
                sum1.Store(to + column + TV.Count);
            }

            for (; column <= end - TV.Count; column += TV.Count)
            {
                var sum = from == null ? TV.Broadcast(0f) : TV.Load(from + column);
                for (var i = 0; i < count; i++)
                    sum = TV.FusedMultiplyAdd(TV.Broadcast(values[i]), TV.Load(panel + indices[i] * stride + column), sum);
                sum.Store(to + column);
            }

            return column;
        }
    }
}
