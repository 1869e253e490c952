using Microsoft.ML.Data;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet.Models;

/// <summary>From features to scores, for models whose output is a vector.</summary>
internal static class VectorMapper
{
    public static VectorDataViewType OutputType(Network network) => new(NumberDataViewType.Single, network.OutputShape.Size);

    public static ValueMapper<VBuffer<float>, VBuffer<float>> Create(RowScorer scorer)
    {
        return (in VBuffer<float> features, ref VBuffer<float> scores) =>
        {
            var outputs = scorer.Score(in features);
            var editor = VBufferEditor.Create(ref scores, outputs.Length);
            outputs.CopyTo(editor.Values);
            scores = editor.Commit();
        };
    }
}
