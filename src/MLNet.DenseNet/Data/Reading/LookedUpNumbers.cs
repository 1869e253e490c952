using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.DenseNet.Columns;

namespace MLNet.DenseNet.Data;

/// <summary>Features that an embedding looks up: whole numbers of its vocabulary. They are checked where their row and column are known.</summary>
internal static class LookedUpNumbers
{
    /// <summary>The embedding that a network's features go to as they are.</summary>
    /// <param name="layers">The network's, in order.</param>
    /// <returns>Null where there is none.</returns>
    public static EmbeddingLayer? By(IEnumerable<Layer> layers) => layers.FirstOrDefault(layer => layer is not (ReshapeLayer or DropoutLayer)) as EmbeddingLayer;

    /// <summary>Checks the features of a row.</summary>
    /// <returns>What is wrong with them, to follow "row n has"; null where nothing is.</returns>
    public static string? Problem(in VBuffer<float> features, EmbeddingLayer embedding, DataViewSchema.Column column)
    {
        var values = features.GetValues();
        for (var i = 0; i < values.Length; i++)
        {
            if (!(values[i] >= 0 && values[i] < embedding.Vocabulary && (int)values[i] == values[i]))
                return FormattableString.Invariant($"the feature {values[i]} ({SlotNames.Describe(column, features.IsDense ? i : features.GetIndices()[i])} of the column '{column.Name}'); the layer {embedding} looks up whole numbers from 0 to {embedding.Vocabulary - 1}");
        }

        return null;
    }
}
