using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>
/// How trained matrices lie in memory: cut into panels of columns that lie one after the other, each of them row-major; the last one may be narrower. A product
/// reads a panel from its first element to its last. Threads work on whole panels, so that what a thread writes is far from what others write: processors
/// fetch ahead along memory, and would keep taking the neighbour's part of a row out of the other core's cache.
/// </summary>
internal static class PanelLayout
{
    /// <summary>Columns of a panel: two of the widest vectors, as the widest register tile.</summary>
    public const int Width = 32;

    /// <summary>Where the first element of a column lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint Start(int rows, int column) => (nint)(column & -Width) * rows + (column & (Width - 1));

    /// <summary>Elements from row to row at a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Stride(int columns, int column) => Math.Min(Width, columns - (column & -Width));

    /// <summary>Copies a row-major matrix into panels.</summary>
    /// <param name="source">rows x columns, row-major.</param>
    /// <param name="destination">As many, in panels.</param>
    /// <param name="columns">The length of a row.</param>
    public static void FromRowMajor(ReadOnlySpan<float> source, Span<float> destination, int columns)
    {
        var rows = columns == 0 ? 0 : source.Length / columns;
        for (var column = 0; column < columns; column += Width)
        {
            var stride = Stride(columns, column);
            var panel = destination.Slice((int)Start(rows, column), rows * stride);
            for (var row = 0; row < rows; row++)
                source.Slice(row * columns + column, stride).CopyTo(panel[(row * stride)..]);
        }
    }

    /// <summary>Copies a matrix in panels to row-major memory.</summary>
    /// <param name="source">rows x columns, in panels.</param>
    /// <param name="destination">As many, row-major.</param>
    /// <param name="columns">The length of a row.</param>
    public static void ToRowMajor(ReadOnlySpan<float> source, Span<float> destination, int columns)
    {
        var rows = columns == 0 ? 0 : source.Length / columns;
        for (var column = 0; column < columns; column += Width)
        {
            var stride = Stride(columns, column);
            var panel = source.Slice((int)Start(rows, column), rows * stride);
            for (var row = 0; row < rows; row++)
                panel.Slice(row * stride, stride).CopyTo(destination[(row * columns + column)..]);
        }
    }

    /// <summary>Whether a matrix has columns enough to be cut by them for several threads.</summary>
    public static bool CutsColumns(int columns, int parts) => columns >= parts * Width;

    /// <summary>The column at which a thread's part begins, at a whole panel; the number of columns for the part after the last.</summary>
    public static int CutColumns(int columns, int part, int parts) => ThreadTeam.Cut(columns, Width, part, parts);
}
