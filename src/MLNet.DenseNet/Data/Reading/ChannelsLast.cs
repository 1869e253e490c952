using Microsoft.ML.Data;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Data;

/// <summary>Brings rows that come plane by plane, (planes x pixels), to the order in which networks take images: channels last, (pixels x planes). It has the memory for one row, so each thread needs one of its own.</summary>
internal sealed class ChannelsLast
{
    private readonly int _planes;
    private VBuffer<float> _row;

    private ChannelsLast(int planes) => _planes = planes;

    /// <param name="planes">How many planes a row has; 1 where it comes as networks take it.</param>
    /// <returns>Null where nothing is to be done.</returns>
    public static ChannelsLast? For(int planes) => planes > 1 ? new ChannelsLast(planes) : null;

    /// <summary>A row with its channels last.</summary>
    /// <param name="row">Dense or sparse, with a plane for each channel. Indices of a sparse row are within it, each once.</param>
    /// <returns>As dense or sparse as the row; valid until the next call.</returns>
    public ref readonly VBuffer<float> Of(in VBuffer<float> row)
    {
        var values = row.GetValues();
        var editor = VBufferEditor.Create(ref _row, row.Length, values.Length);
        if (row.IsDense)
        {
            Transposition.ToRows(values, _planes, editor.Values);
        }
        else
        {
            values.CopyTo(editor.Values);
            MovePlaces(row.GetIndices(), row.Length / _planes, editor.Indices);
            editor.Indices.Sort(editor.Values);
        }

        _row = editor.Commit();
        return ref _row;
    }

    private void MovePlaces(ReadOnlySpan<int> places, int pixels, Span<int> moved)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var (plane, pixel) = Math.DivRem(places[i], pixels);
            moved[i] = pixel * _planes + plane;
        }
    }

    /// <summary>What stands for each value of a row, in the same order as its values with channels last.</summary>
    public T[] Of<T>(IReadOnlyList<T> names)
    {
        var pixels = names.Count / _planes;
        return [.. Enumerable.Range(0, names.Count).Select(i => names[i % _planes * pixels + i / _planes])];
    }
}
