using Microsoft.ML.Data;
using Microsoft.ML.Numeric;
using MLNet.DenseNet.Data;

namespace MLNet.DenseNet.Explanations;

/// <summary>The contributions of features as ML.NET's transform gives them.</summary>
internal static class ContributionVector
{
    /// <param name="contributions">As the feature column has its values, to be filled.</param>
    /// <param name="values">(inputs): as the network takes its features.</param>
    /// <param name="channelsLast">The order in which it takes them.</param>
    /// <param name="top">How many positive ones are given at most, the largest first; the others are 0.</param>
    /// <param name="bottom">How many negative ones.</param>
    /// <param name="normalize">Whether the largest is scaled to 1 or -1.</param>
    public static void Fill(ref VBuffer<float> contributions, float[] values, ChannelsLast channelsLast, int top, int bottom, bool normalize)
    {
        var editor = VBufferEditor.Create(ref contributions, values.Length);
        channelsLast.ToColumn(values, editor.Values);
        contributions = editor.Commit();
        // ML.NET would make zeros of what is no number.
        if (Array.TrueForAll(values, float.IsFinite))
            VectorUtils.SparsifyNormalize(ref contributions, top, bottom, normalize);
    }
}
