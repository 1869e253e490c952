namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Rows of a table that are looked up by their number. Numbers are whole, below the number of rows, and written as float32; the caller has checked them.</summary>
internal static unsafe class TableRows
{
    /// <summary>Copies the row of each number.</summary>
    /// <param name="numbers">(count).</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="table">(rows x columns), in panels.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="columns">Columns of the table.</param>
    /// <param name="destination">(count x columns), row-major, to be filled.</param>
    public static void Gather(float* numbers, int count, float* table, int rows, int columns, float* destination)
    {
        for (var i = 0; i < count; i++, destination += columns)
        {
            for (var column = 0; column < columns; column += PanelLayout.Width)
            {
                var stride = PanelLayout.Stride(columns, column);
                new ReadOnlySpan<float>(table + PanelLayout.Start(rows, column) + (nint)numbers[i] * stride, stride).CopyTo(new Span<float>(destination + column, stride));
            }
        }
    }
}
