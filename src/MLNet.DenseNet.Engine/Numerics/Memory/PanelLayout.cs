using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// The layout of trained matrices: panels of columns, one panel after the other, each of them row-major; the last one may be narrower. A product reads a panel from
/// its first element to its last. Threads work on whole panels, so that what one writes is far from what others write. In a row-major matrix they would write
/// neighboring pieces of each row, and a core that prefetches along its piece would keep taking the next one out of another core's cache.
/// </summary>
internal static class PanelLayout
{
    /// <summary>Columns of a panel: two of the widest vectors, as in the widest micro-panel.</summary>
    public const int Width = 32;

    /// <summary>The index of the first row's element in a column.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="column">The column.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Start(int rows, int column) => (nint)(column & -Width) * rows + (column & (Width - 1));

    /// <summary>The distance from row to row in a column: the width of its panel.</summary>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="column">The column.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Stride(int columns, int column) => Math.Min(Width, columns - (column & -Width));

    /// <summary>Copies a row-major matrix into panels.</summary>
    /// <param name="source">rows x columns, row-major.</param>
    /// <param name="destination">rows x columns, in panels.</param>
    /// <param name="columns">The length of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromRowMajor(ReadOnlySpan<float> source, Span<float> destination, int columns)
    {
        var rows = columns == 0 ? 0 : source.Length / columns;
        for (var column = 0; column < columns; column += Width)
        {
            var stride = Stride(columns, column);
            CopyRows(source[column..], columns, destination.Slice((int)Start(rows, column), rows * stride), stride, rows, stride);
        }
    }

    /// <summary>Copies a matrix in panels to row-major memory.</summary>
    /// <param name="source">rows x columns, in panels.</param>
    /// <param name="destination">rows x columns, row-major.</param>
    /// <param name="columns">The length of a row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToRowMajor(ReadOnlySpan<float> source, Span<float> destination, int columns)
    {
        var rows = columns == 0 ? 0 : source.Length / columns;
        for (var column = 0; column < columns; column += Width)
        {
            var stride = Stride(columns, column);
            CopyRows(source.Slice((int)Start(rows, column), rows * stride), stride, destination[column..], columns, rows, stride);
        }
    }

    /// <summary>Copies the same columns of some rows; a distance is that from row to row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRows(ReadOnlySpan<float> source, int sourceDistance, Span<float> destination, int destinationDistance, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            var from = source.Slice(row * sourceDistance, columns);
            var to = destination.Slice(row * destinationDistance, columns);
            // Of a known length, a copy takes a few instructions instead of a call.
            if (columns == Width)
                from[..Width].CopyTo(to);
            else
                from.CopyTo(to);
        }
    }
}
