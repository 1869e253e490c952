using Microsoft.ML.Data;

namespace MLNet.DenseNet.Models;

/// <summary>From features to a score, for models whose output is a single number.</summary>
internal static class ScalarMapper
{
    /// <param name="scorer">Runs rows through the network.</param>
    public static ValueMapper<VBuffer<float>, float> Create(RowScorer scorer) => (in VBuffer<float> features, ref float score) => score = scorer.Score(in features)[0];
}
