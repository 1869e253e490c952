using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

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

    /// <summary>Refuses features to predict from that stand for others than those learned from. Unknown names may be the same features renamed.</summary>
    /// <param name="host">Makes the exceptions.</param>
    /// <param name="features">The column, with keys as the vectors that the network takes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A name stands for another slot, or a key that an embedding looks up for another value.</exception>
    public void CheckToPredictFrom(IHost host, DataViewSchema.Column features)
    {
        if (Features is { } learned && SlotNames.Of(features) is { } names && names.FirstMoved(learned) is var (name, here, there))
            throw host.ExceptParam("schema", $"The slots of the feature column '{features.Name}' are {names}, and were {learned} when the model was trained: '{name}' is slot {here} now and was slot {there} then. They must be in the same order.");
        if (LookedUp is { } expected && KeyValues.OfNumbers(features) is { } keys && !keys.Match(expected))
            throw host.ExceptParam("schema", $"The keys of the feature column '{features.Name}', which an embedding looks up, stand for {keys}, and stood for {expected} when the model was trained. Map them with the MapValueToKey that was fitted then.");
    }
}
