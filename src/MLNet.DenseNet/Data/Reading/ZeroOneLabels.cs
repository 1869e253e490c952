using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Data;

/// <summary>Labels of which a row has any number, as a vector of numbers: each is 0 or 1. They are checked where their row and column are known.</summary>
internal static class ZeroOneLabels
{
    /// <summary>Checks the labels of a row.</summary>
    /// <returns>What is wrong with them, to follow "row n has"; null where nothing is, or one is missing or infinite, for which the row is left out.</returns>
    public static string? Problem(in VBuffer<float> labels, DataViewSchema.Column column)
    {
        foreach (var (slot, value) in labels.Items())
        {
            if (float.IsFinite(value) && value is not (0 or 1))
                return FormattableString.Invariant($"the label {value} ({SlotNames.Describe(column, slot)} of the column '{column.Name}'); several labels a row are Booleans, or numbers that are 0 or 1");
        }

        return null;
    }
}
