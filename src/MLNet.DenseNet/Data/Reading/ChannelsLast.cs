using Microsoft.ML.Data;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Data;

/// <summary>Brings rows that come plane by plane, (planes x pixels), to the order in which networks take images: channels last, (pixels x planes). It has the memory for one row, so each thread needs one of its own.</summary>
internal sealed class ChannelsLast
{
    private readonly int _planes;
    private VBuffer<float> _row;

    /// <param name="planes">How many planes a row has; 1 where it comes as networks take it, and stays as it is.</param>
    public ChannelsLast(int planes) => _planes = planes;

    /// <summary>A row with its channels last.</summary>
    /// <param name="row">Dense or sparse, with a plane for each channel.</param>
    /// <returns>As dense or sparse as the row; valid until the next call.</returns>
    /// <exception cref="ArgumentException">The indices of a sparse row are not within it, each once and ascending.</exception>
    public ref readonly VBuffer<float> Of(in VBuffer<float> row)
    {
        if (_planes == 1)
            return ref row;
        var values = row.GetValues();
        var editor = VBufferEditor.Create(ref _row, row.Length, values.Length);
        if (row.IsDense)
        {
            Transposition.ToRows(values, _planes, editor.Values);
        }
        else
        {
            values.CopyTo(editor.Values);
            row.GetIndices().CopyTo(editor.Indices);
            // The copy is checked, since another thread may change the original. Unchecked, an index outside the row could become one inside it.
            if (SparseColumns.FirstWrong(editor.Indices, row.Length) is >= 0 and var wrong)
                throw new ArgumentException(SparseColumns.Describe(editor.Indices, wrong, row.Length), nameof(row));
            Move(editor.Indices, row.Length / _planes);
            editor.Indices.Sort(editor.Values);
        }

        _row = editor.Commit();
        return ref _row;
    }

    /// <summary>The way back: brings the values of a row, as networks take it, to the order of the feature column.</summary>
    /// <param name="row">The values, channels last.</param>
    /// <param name="column">To be filled.</param>
    public void ToColumn(ReadOnlySpan<float> row, Span<float> column) => Transposition.ToRows(row, row.Length / _planes, column);

    private void Move(Span<int> indices, int pixels)
    {
        foreach (ref var index in indices)
        {
            var (plane, pixel) = Math.DivRem(index, pixels);
            index = pixel * _planes + plane;
        }
    }

    /// <summary>What stands for each value of a row, in the same order as its values with channels last.</summary>
    public T[] Of<T>(IReadOnlyList<T> names)
    {
        var pixels = names.Count / _planes;
        return [.. Enumerable.Range(0, names.Count).Select(i => names[i % _planes * pixels + i / _planes])];
    }
}
