using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.DenseNet.Evaluation;

/// <summary>The columns that an evaluation compares.</summary>
internal static class VectorColumns
{
    /// <exception cref="ArgumentOutOfRangeException">The column is missing, or no known-size vector of the right type.</exception>
    public static DataViewSchema.Column Find(IHost host, IDataView data, string role, string name, PrimitiveDataViewType item)
    {
        var column = data.Schema.GetColumnOrNull(name) ?? throw host.ExceptSchemaMismatch(nameof(data), role, name);
        return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType.Equals(item)
            ? column
            : throw host.ExceptSchemaMismatch(nameof(data), role, name, $"a known-size vector of {item}", column.Type.ToString());
    }

    /// <summary>The number of values in a row.</summary>
    public static int Size(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Size;

    /// <summary>Reads a row.</summary>
    /// <param name="host">Throws.</param>
    /// <param name="row">Its number, from 1.</param>
    /// <param name="read">Reads its vectors.</param>
    /// <exception cref="InvalidOperationException">The row cannot be read.</exception>
    public static void Read(IHost host, long row, Action<long> read)
    {
        try
        {
            read(row);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw host.Except(error, $"Reading the data to evaluate failed after {row - 1} rows: {error.Message}");
        }
    }
}
