using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The rows that go into a layer: a dense or a sparse matrix.</summary>
/// <remarks>It is large, so that it is passed on by reference, and dense rows are replaced in it by others: where one row is predicted, copies would take longer than its sums.</remarks>
internal struct InputRows
{
    private readonly CsrMatrix _sparse;
    private MatrixRows _dense;

    /// <param name="rows">Dense ones.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public InputRows(MatrixRows rows) => _dense = rows;

    /// <param name="rows">Sparse ones.</param>
    public InputRows(CsrMatrix rows) => (_sparse, IsSparse) = (rows, true);

    public bool IsSparse { get; }

    /// <summary>The rows, where they are not sparse.</summary>
    [UnscopedRef]
    public readonly ref readonly MatrixRows Dense => ref _dense;

    /// <summary>The rows, where they are sparse.</summary>
    [UnscopedRef]
    public readonly ref readonly CsrMatrix Sparse => ref _sparse;

    /// <summary>Whether a value is infinite. A missing one, not-a-number, is not.</summary>
    public readonly unsafe bool HasInfinity
    {
        get
        {
            for (var row = 0; row < Rows; row++)
            {
                var values = IsSparse ? new ReadOnlySpan<float>(_sparse.Values + _sparse.Starts[row], _sparse.Ends[row] - _sparse.Starts[row]) : _dense[row];
                if (FiniteValues.HasInfinity(values))
                    return true;
            }

            return false;
        }
    }

    public readonly int Rows => IsSparse ? _sparse.Rows : _dense.Rows;

    /// <summary>Puts other dense rows in the place of dense ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Become(MatrixRows rows) => _dense = rows;

    /// <summary>Some of the rows.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public readonly InputRows Slice(int first, int count) => IsSparse ? _sparse.Slice(first, count) : _dense.Slice(first, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator InputRows(MatrixRows rows) => new(rows);

    public static implicit operator InputRows(CsrMatrix rows) => new(rows);
}
