using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Copies columns of a row-major matrix into panels (<see cref="PanelLayout"/>), once for all parts of a product that read the same ones.</summary>
/// <param name="source">rows x columns.</param>
/// <param name="panels">rows x columns, in panels.</param>
/// <param name="rows">Rows of the matrix.</param>
/// <param name="columns">Columns of the matrix.</param>
internal readonly unsafe struct PanelPacking(float* source, float* panels, int rows, int columns) : IPartWork
{
    /// <summary>Copies the columns of a part in all rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(MatrixPart part)
    {
        for (int column = part.FirstColumn, end; column < part.EndColumn; column = end)
        {
            end = Math.Min(part.EndColumn, (column & -PanelLayout.Width) + PanelLayout.Width);
            Copy(source + column, panels + PanelLayout.Start(rows, column), PanelLayout.Stride(columns, column), end - column);
        }
    }

    /// <summary>Copies columns of one panel.</summary>
    private void Copy(float* from, float* to, int stride, int width)
    {
        for (var row = rows; row > 0; row--, from += columns, to += stride)
        {
            var i = 0;
            for (; i <= width - Vector256<float>.Count; i += Vector256<float>.Count)
                Vector256.Store(Vector256.Load(from + i), to + i);
            for (; i < width; i++)
                to[i] = from[i];
        }
    }
}
