using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Evaluation;

/// <summary>How many values the columns have that an evaluation compares.</summary>
internal static class VectorColumns
{
    /// <summary>The number of values in a row.</summary>
    public static int Size(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Size;

    /// <summary>Refuses labels of more values than memory holds what is gathered of each.</summary>
    /// <param name="host">Throws.</param>
    /// <param name="parameter">The name of what is evaluated.</param>
    /// <param name="label">The column of labels.</param>
    /// <param name="bytes">About how many each value takes.</param>
    /// <param name="values">What the values are, in the plural.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too many.</exception>
    public static void CheckMemory(IHost host, string parameter, DataViewSchema.Column label, int bytes, string values)
    {
        if ((double)Size(label) * bytes > AvailableMemory.Total)
            throw host.ExceptParam(parameter, FormattableString.Invariant($"The label column '{label.Name}' has the type {label.Type}: too many {values} to evaluate in the {AvailableMemory.Total / 1e9:N1} GB of memory that are there."));
    }
}
