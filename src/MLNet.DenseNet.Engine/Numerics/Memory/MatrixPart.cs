namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A thread's part of a matrix: some of its rows and columns.</summary>
/// <param name="FirstRow">The first row.</param>
/// <param name="EndRow">The row after the last.</param>
/// <param name="FirstColumn">The first column.</param>
/// <param name="EndColumn">The column after the last.</param>
internal readonly record struct MatrixPart(int FirstRow, int EndRow, int FirstColumn, int EndColumn)
{
    /// <summary>All of a matrix, for one thread.</summary>
    public static MatrixPart Whole(int rows, int columns) => new(0, rows, 0, columns);
}
