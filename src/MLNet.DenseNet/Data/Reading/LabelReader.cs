using Microsoft.ML;

namespace MLNet.DenseNet.Data;

/// <summary>Reads the labels of one task from a cursor.</summary>
internal abstract class LabelReader
{
    /// <summary>Makes the reader for a cursor.</summary>
    public static LabelReader Create(DataViewRow row, RowColumns columns) =>
        !columns.HasLabels ? new NoLabelReader() : columns.ClassCount > 0 ? new ClassLabelReader(row, columns) : new NumberLabelReader(row, columns);

    /// <summary>The class read last; 0 where labels are numbers.</summary>
    public virtual int Class => 0;

    /// <summary>Reads the current row's label.</summary>
    /// <param name="number">The row's number, from 1, for messages.</param>
    /// <returns>False where the label is missing or not finite: the row cannot be used.</returns>
    public abstract bool TryRead(long number);

    /// <summary>Adds the label read last to those of rows in memory.</summary>
    public abstract void AddTo(RowBuffer rows);
}
