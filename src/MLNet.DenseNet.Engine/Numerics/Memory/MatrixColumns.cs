using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A dense matrix in either layout, for products that read or write some of its columns at a time.</summary>
/// <param name="elements">rows x columns.</param>
/// <param name="rows">Rows of the matrix.</param>
/// <param name="columns">Columns of the matrix.</param>
/// <param name="isInPanels">Whether it lies in panels (<see cref="PanelLayout"/>); otherwise it is row-major.</param>
internal readonly unsafe struct MatrixColumns(float* elements, int rows, int columns, bool isInPanels)
{
    public int Columns => columns;

    /// <summary>The element of the first row in a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* At(int column) => elements + (isInPanels ? PanelLayout.Start(rows, column) : column);

    /// <summary>The distance from row to row in a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nint Stride(int column) => isInPanels ? PanelLayout.Stride(columns, column) : columns;
}
