namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A batch of rows on its way into a layer: dense, or sparse.</summary>
internal readonly struct InputRows
{
    private InputRows(MatrixRows dense, SparseRows sparse, bool isSparse) => (Dense, Sparse, IsSparse) = (dense, sparse, isSparse);

    public bool IsSparse { get; }

    /// <summary>The rows, where they are not sparse.</summary>
    public MatrixRows Dense { get; }

    /// <summary>The rows, where they are sparse.</summary>
    public SparseRows Sparse { get; }

    public int Rows => IsSparse ? Sparse.Rows : Dense.Rows;

    public static implicit operator InputRows(MatrixRows rows) => new(rows, default, isSparse: false);

    public static implicit operator InputRows(SparseRows rows) => new(default, rows, isSparse: true);
}
