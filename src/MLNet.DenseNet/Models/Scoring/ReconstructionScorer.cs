using Microsoft.ML.Data;
using MLNet.DenseNet.Data;
using MLNet.DenseNet.Engine;
using MLNet.DenseNet.Engine.Numerics;
using MLNet.DenseNet.Explanations;

namespace MLNet.DenseNet.Models;

/// <summary>The errors of single rows that a network puts out its own features with. Each thread needs one of its own.</summary>
/// <param name="network">The network.</param>
/// <param name="planes">How many planes the feature column has; 1 where it comes as the network takes it.</param>
internal sealed class ReconstructionScorer(Network network, int planes)
{
    private readonly Reconstruction _reconstruction = new(network);
    private readonly RowScorer _outputs = new(network, new ChannelsLast(planes));
    private readonly double[] _errors = new double[network.InputShape.Size];
    private readonly float[] _contributions = new float[network.InputShape.Size];
    private readonly ChannelsLast _channelsLast = new(planes);
    private float[]? _row;
    private RowScorer? _standardized;

    private RowScorer Standardized => _standardized ??= new(_reconstruction.Standardized, _channelsLast);

    /// <summary>The mean of the squared errors of those features that are there.</summary>
    /// <exception cref="ArgumentException">As of <see cref="RowScorer.Score"/>.</exception>
    public float Score(in VBuffer<float> features) => _reconstruction.Score(Standardized.Score(in features), _outputs.Score(in features), WhereMissing(in features));

    /// <summary>What each feature adds to the score; the largest ones, the others are 0.</summary>
    /// <param name="features">A row.</param>
    /// <param name="contributions">As the feature column has its values, to be filled.</param>
    /// <param name="top">How many at most.</param>
    /// <param name="normalize">Whether the largest is scaled to 1.</param>
    public void Explain(in VBuffer<float> features, ref VBuffer<float> contributions, int top, bool normalize)
    {
        var count = _reconstruction.Errors(Standardized.Score(in features), _outputs.Score(in features), _errors, WhereMissing(in features));
        for (var i = 0; i < _errors.Length; i++)
            _contributions[i] = Reconstruction.Share(_errors[i], count);
        ContributionVector.Fill(ref contributions, _contributions, _channelsLast, top, bottom: 0, normalize);
    }

    /// <summary>The row as the network takes it; empty where nothing is missing.</summary>
    private ReadOnlySpan<float> WhereMissing(in VBuffer<float> features)
    {
        if (FiniteValues.All(features.GetValues()))
            return [];
        _row ??= new float[features.Length];
        _channelsLast.Of(in features).CopyTo(_row);
        return _row;
    }
}
