using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Rows of a table that are looked up by their number, and the sum of what is learned about each. Numbers are whole, below the number of rows, and written as float32; the caller has checked them.</summary>
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

    /// <summary>Clears a part of a table.</summary>
    /// <param name="table">(rows x columns), in panels.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="columns">Columns of the table.</param>
    /// <param name="part">Which rows and columns, of whole panels.</param>
    public static void Clear(float* table, int rows, int columns, MatrixPart part)
    {
        for (var column = part.FirstColumn; column < part.EndColumn; column += PanelLayout.Width)
        {
            var stride = PanelLayout.Stride(columns, column);
            new Span<float>(table + PanelLayout.Start(rows, column) + (nint)part.FirstRow * stride, (part.EndRow - part.FirstRow) * stride).Clear();
        }
    }

    /// <summary>Adds to the rows of a part what belongs to their numbers, in order.</summary>
    /// <param name="numbers">(count).</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="values">(count x columns), row-major.</param>
    /// <param name="table">(rows x columns), in panels.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="columns">Columns of the table.</param>
    /// <param name="part">Which rows and columns, of whole panels. Numbers of other rows are passed over.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* numbers, int count, float* values, float* table, int rows, int columns, MatrixPart part)
    {
        for (var i = 0; i < count; i++, values += columns)
        {
            var row = (int)numbers[i];
            if (row < part.FirstRow || row >= part.EndRow)
                continue;
            for (var column = part.FirstColumn; column < part.EndColumn; column += PanelLayout.Width)
            {
                var stride = PanelLayout.Stride(columns, column);
                Elementwise.Run(new Sum(table + PanelLayout.Start(rows, column) + (nint)row * stride, values + column), stride);
            }
        }
    }

    private readonly struct Sum(float* sums, float* values) : IElementKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Invoke<TV>(int index) where TV : struct, ISimd<TV> => (TV.Load(sums + index) + TV.Load(values + index)).Store(sums + index);
    }
}
