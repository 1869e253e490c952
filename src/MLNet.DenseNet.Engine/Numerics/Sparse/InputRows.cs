using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The rows that go into a layer: a dense or a sparse matrix.</summary>
internal readonly struct InputRows
{
    private InputRows(MatrixRows dense, CsrMatrix sparse, bool isSparse) => (Dense, Sparse, IsSparse) = (dense, sparse, isSparse);

    public bool IsSparse { get; }

    /// <summary>The rows, where they are not sparse.</summary>
    public MatrixRows Dense { get; }

    /// <summary>The rows, where they are sparse.</summary>
    public CsrMatrix Sparse { get; }

    /// <summary>Whether all values are finite.</summary>
    public unsafe bool IsFinite
    {
        get
        {
            for (var row = 0; row < Rows; row++)
            {
                if (!FiniteValues.All(IsSparse ? new ReadOnlySpan<float>(Sparse.Values + Sparse.Starts[row], Sparse.Ends[row] - Sparse.Starts[row]) : Dense[row]))
                    return false;
            }

            return true;
        }
    }

    public int Rows => IsSparse ? Sparse.Rows : Dense.Rows;

    /// <summary>One of the rows by itself.</summary>
    public unsafe InputRows Row(int row) => IsSparse ? Sparse.Row(row) : new MatrixRows(Dense.Start(row), 1, Dense.Columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator InputRows(MatrixRows rows) => new(rows, default, isSparse: false);

    public static implicit operator InputRows(CsrMatrix rows) => new(default, rows, isSparse: true);
}
