using Microsoft.ML.Data;

namespace MLNet.DenseNet.Models;

/// <summary>From features to scores, for models whose output is a vector.</summary>
internal static class VectorMapper
{
    /// <param name="scorer">Runs rows through the network.</param>
    /// <param name="sorts">Whether the scores ascend. Where one is NaN all are: sorted, the others would stand in places that are not theirs.</param>
    public static ValueMapper<VBuffer<float>, VBuffer<float>> Create(RowScorer scorer, bool sorts = false)
    {
        return (in VBuffer<float> features, ref VBuffer<float> scores) =>
        {
            var outputs = scorer.Score(in features);
            var editor = VBufferEditor.Create(ref scores, outputs.Length);
            outputs.CopyTo(editor.Values);
            if (sorts)
                Sort(editor.Values);
            scores = editor.Commit();
        };
    }

    private static void Sort(Span<float> scores)
    {
        // NaN comes first.
        scores.Sort();
        if (float.IsNaN(scores[0]))
            scores.Fill(float.NaN);
    }
}
