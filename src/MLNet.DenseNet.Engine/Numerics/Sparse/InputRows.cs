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

    /// <summary>Whether a value is infinite. A missing one, not-a-number, is not.</summary>
    public unsafe bool HasInfinity
    {
        get
        {
            for (var row = 0; row < Rows; row++)
            {
                var values = IsSparse ? new ReadOnlySpan<float>(Sparse.Values + Sparse.Starts[row], Sparse.Ends[row] - Sparse.Starts[row]) : Dense[row];
                if (FiniteValues.HasInfinity(values))
                    return true;
            }

            return false;
        }
    }

    public int Rows => IsSparse ? Sparse.Rows : Dense.Rows;

    /// <summary>Some of the rows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public InputRows Slice(int first, int count) => IsSparse ? Sparse.Slice(first, count) : Dense.Slice(first, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator InputRows(MatrixRows rows) => new(rows, default, isSparse: false);

    public static implicit operator InputRows(CsrMatrix rows) => new(default, rows, isSparse: true);
}
