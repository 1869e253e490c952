using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// Rows of features of which only some are stored and all others are 0, such as words of a text or values of categories: compressed sparse rows (CSR), as SciPy's
/// csr_matrix. A network whose first layer is a <see cref="DenseLayer"/> or a <see cref="WideAndDeepLayer"/> never writes the zeros out, so that time and memory depend on the stored values alone.
/// </summary>
public sealed class SparseFeatures
{
    private readonly ReadOnlyMemory<float> _values;
    private readonly ReadOnlyMemory<int> _columns;
    private readonly ReadOnlyMemory<int> _rowStarts;

    /// <summary>Rows of features. Values are used where they are, not copied. Columns and row starts are copied, since they say where memory is read.</summary>
    /// <param name="inputs">The number of features a row, at least 1.</param>
    /// <param name="values">The stored values of all rows, row after row, finite; or missing, not-a-number, for a network that begins with a <see cref="MissingValueLayer"/>.</param>
    /// <param name="columns">The feature that each value belongs to, from 0 to inputs - 1, ascending within a row.</param>
    /// <param name="rowStarts">(rows + 1): where the values of each row begin, from 0, and after the last row their number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="inputs"/> is below 1.</exception>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed; the message says which.</exception>
    public SparseFeatures(int inputs, ReadOnlyMemory<float> values, ReadOnlyMemory<int> columns, ReadOnlyMemory<int> rowStarts)
        : this(values, columns.ToArray(), rowStarts.ToArray(), inputs)
    {
    }

    private SparseFeatures(ReadOnlyMemory<float> values, ReadOnlyMemory<int> columns, ReadOnlyMemory<int> rowStarts, int inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        Inputs = inputs;
        (_values, _columns, _rowStarts) = (values, columns, rowStarts);
        if (columns.Length != values.Length)
            throw new ArgumentException($"There are {columns.Length} columns for {values.Length} values.", nameof(columns));
        HasMissing = !FiniteValues.AreComplete(values.Span, nameof(values));
        CheckRows();
    }

    /// <summary>The number of rows.</summary>
    public int Rows => _rowStarts.Length - 1;

    /// <summary>The number of features a row, those that are not stored included.</summary>
    public int Inputs { get; }

    /// <summary>The stored values of all rows, row after row.</summary>
    public ReadOnlyMemory<float> Values => _values;

    /// <summary>The feature that each value belongs to.</summary>
    public ReadOnlyMemory<int> Columns => _columns;

    /// <summary>(rows + 1): where the values of each row begin, and after the last row their number.</summary>
    public ReadOnlyMemory<int> RowStarts => _rowStarts;

    /// <summary>Whether a stored value is missing.</summary>
    internal bool HasMissing { get; }

    /// <summary>Rows in memory that nobody changes as long as they are used. All of it is checked, and nothing is copied.</summary>
    /// <inheritdoc cref="SparseFeatures(int, ReadOnlyMemory{float}, ReadOnlyMemory{int}, ReadOnlyMemory{int})"/>
    internal static SparseFeatures InPlace(int inputs, ReadOnlyMemory<float> values, ReadOnlyMemory<int> columns, ReadOnlyMemory<int> rowStarts) =>
        new(values, columns, rowStarts, inputs);

    /// <summary>The stored values of a row.</summary>
    internal ReadOnlySpan<float> ValuesOf(int row) => _values.Span[_rowStarts.Span[row].._rowStarts.Span[row + 1]];

    /// <summary>The features that the stored values of a row belong to.</summary>
    internal ReadOnlySpan<int> ColumnsOf(int row) => _columns.Span[_rowStarts.Span[row].._rowStarts.Span[row + 1]];

    /// <summary>Writes values, columns and row starts in this machine's byte order.</summary>
    internal void CopyTo(Stream stream)
    {
        RawBytes.Write(stream, _values.Span);
        RawBytes.Write(stream, _columns.Span);
        RawBytes.Write(stream, _rowStarts.Span);
    }

    private void CheckRows()
    {
        var starts = _rowStarts.Span;
        if (starts.IsEmpty || starts[0] != 0 || starts[^1] != _values.Length)
            throw new ArgumentException($"The row starts must begin with 0 and end with the number of values, {_values.Length}.", "rowStarts");
        for (var row = 0; row < Rows; row++)
        {
            if (starts[row + 1] < starts[row] || starts[row + 1] > _values.Length)
                throw new ArgumentException(FormattableString.Invariant($"Row {row} starts at value {starts[row]} and the next one at {starts[row + 1]}; expected no smaller a number, up to {_values.Length}."), "rowStarts");
            CheckColumns(row, _columns.Span[starts[row]..starts[row + 1]]);
        }
    }

    private void CheckColumns(int row, ReadOnlySpan<int> columns)
    {
        var wrong = SparseColumns.FirstWrong(columns, Inputs);
        if (wrong >= 0)
            throw new ArgumentException(SparseColumns.Describe(columns, wrong, Inputs, row), nameof(columns));
    }
}
