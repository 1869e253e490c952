using Microsoft.ML.Data;

namespace MLNet.DenseNet.Columns;

/// <summary>What the inputs and outputs of a network stand for, as far as the columns that it learned from tell. It is kept with the trained model.</summary>
/// <param name="Classes">The values of the label's keys; null where the label is no key, or its keys come without values.</param>
/// <param name="Features">The names of the features; null where they have none.</param>
/// <param name="Outputs">The names of the numbers of a label that is a vector; null where they have none.</param>
/// <param name="LookedUp">The values of the keys that an embedding looks up; null where it looks up none, or they come without values.</param>
internal sealed record ColumnMeanings(KeyValues? Classes, SlotNames? Features, SlotNames? Outputs, KeyValues? LookedUp)
{
    public static ColumnMeanings Of(RoleMappedSchema columns)
    {
        var (label, features) = (columns.Label!.Value, columns.Feature!.Value);
        return new ColumnMeanings(KeyValues.Of(label), SlotNames.Of(features), SlotNames.Of(label), KeyValues.OfNumbers(features));
    }

    public bool IsEmpty => Classes is null && Features is null && Outputs is null && LookedUp is null;
}
