using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;
using MLNet.DenseNet.Models;

namespace MLNet.DenseNet.Explanations;

/// <summary>From features to their contributions, as <see cref="IntegratedGradients"/> has them, for ML.NET's transform of feature contributions. Each thread needs one of its own.</summary>
internal sealed class ContributionMapper
{
    private readonly IntegratedGradients _gradients;
    private readonly RowScorer? _scorer;
    private readonly ChannelsLast _channelsLast;
    private readonly int _output;
    private readonly float[] _row;
    private readonly float[] _contributions;

    /// <param name="network">The network.</param>
    /// <param name="planes">How many planes the feature column has.</param>
    /// <param name="output">The output that is explained; null for the one with the highest score of each row.</param>
    private ContributionMapper(Network network, int planes, int? output)
    {
        _gradients = new IntegratedGradients(network, IntegratedGradients.MeanRow(network));
        (_channelsLast, _output) = (new ChannelsLast(planes), output ?? 0);
        _scorer = output is null && network.OutputShape.Size > 1 ? new RowScorer(network, new ChannelsLast(1)) : null;
        (_row, _contributions) = (new float[network.InputShape.Size], new float[network.InputShape.Size]);
    }

    /// <summary>Makes a function from features to contributions.</summary>
    /// <param name="network">The network.</param>
    /// <param name="planes">How many planes the feature column has.</param>
    /// <param name="output">The output that is explained; null for the one with the highest score of each row.</param>
    /// <param name="top">How many positive contributions are given at most, the largest first.</param>
    /// <param name="bottom">How many negative ones.</param>
    /// <param name="normalize">Whether the largest is scaled to 1 or -1.</param>
    public static ValueMapper<VBuffer<float>, VBuffer<float>> Create(Network network, int planes, int? output, int top, int bottom, bool normalize)
    {
        var mapper = new ContributionMapper(network, planes, output);
        return (in VBuffer<float> features, ref VBuffer<float> contributions) => mapper.Map(in features, ref contributions, top, bottom, normalize);
    }

    /// <summary>The function as ML.NET asks for it.</summary>
    /// <typeparam name="TSource">What ML.NET gives features as.</typeparam>
    /// <exception cref="NotSupportedException">That is no vector of Single.</exception>
    public static ValueMapper<TSource, VBuffer<float>> For<TSource>(ValueMapper<VBuffer<float>, VBuffer<float>> map) =>
        map as ValueMapper<TSource, VBuffer<float>> ?? throw new NotSupportedException($"The model explains vectors of Single, not {typeof(TSource)}.");

    private void Map(in VBuffer<float> features, ref VBuffer<float> contributions, int top, int bottom, bool normalize)
    {
        if (features.Length != _row.Length)
            throw new ArgumentException($"The features are a vector of {features.Length}; the model was trained on vectors of {_row.Length}.");
        if (!features.IsDense && SparseColumns.FirstWrong(features.GetIndices(), features.Length) is >= 0 and var wrong)
            throw new ArgumentException(SparseColumns.Describe(features.GetIndices(), wrong, features.Length));
        _channelsLast.Of(in features).CopyTo(_row);
        _gradients.Run(_row, _scorer is null ? _output : Highest(), _contributions);
        // Of a row of numbers, what is no number is a difference of what is too large.
        var isKnown = Array.TrueForAll(_row, float.IsFinite);
        if (Array.FindIndex(_contributions, value => float.IsInfinity(value) || (isKnown && float.IsNaN(value))) is >= 0 and var slot)
            throw new ArgumentException(FormattableString.Invariant($"The contribution of feature {slot}, as the network takes them, is beyond the range of float32; the feature is {_row[slot]}. Features as large as this one are of another unit than those learned from."));

        ContributionVector.Fill(ref contributions, _contributions, _channelsLast, top, bottom, normalize);
    }

    private int Highest()
    {
        var row = new VBuffer<float>(_row.Length, _row);
        return ArgMax.Of(_scorer!.Score(in row));
    }
}
