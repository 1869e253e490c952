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

    /// <summary>Columns of a product that are computed, or left out where nobody reads them, together: one of the widest vectors.</summary>
    public const int UnreadUnit = Width / 2;

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
            var panel = destination.Slice((int)Start(rows, column), rows * stride);
            for (var row = 0; row < rows; row++)
                CopyPiece(source.Slice(row * columns + column, stride), panel.Slice(row * stride, stride));
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
            var panel = source.Slice((int)Start(rows, column), rows * stride);
            for (var row = 0; row < rows; row++)
                CopyPiece(panel.Slice(row * stride, stride), destination.Slice(row * columns + column, stride));
        }
    }

    /// <summary>Copies a row of a panel. Of a length that is known, that takes a few instructions instead of a call.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyPiece(ReadOnlySpan<float> source, Span<float> destination)
    {
        if (source.Length == Width)
            source[..Width].CopyTo(destination);
        else
            source.CopyTo(destination);
    }
}
