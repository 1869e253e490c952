using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Measures the prediction of an ensemble: the output activation of the mean of its members' logits.</summary>
internal sealed unsafe class MemberMean
{
    private readonly LossEvaluation _evaluation;
    private readonly Workspace _workspace;
    private readonly Network _network;
    private readonly int _outputs;

    // (members x rows x outputs), and (rows x outputs) each.
    private readonly AlignedBuffer _logits;
    private readonly AlignedBuffer _mean;
    private readonly AlignedBuffer _gradient;

    /// <param name="network">An ensemble.</param>
    /// <param name="loss">The loss of each member, and of their mean.</param>
    /// <param name="maxRows">The largest batch.</param>
    /// <param name="scaling">Standardizes targets; null where they are learned as they are.</param>
    public MemberMean(Network network, Loss loss, int maxRows, TargetScaling? scaling)
    {
        _network = network.WithoutLink(loss.Link);
        _outputs = network.OutputShape.Size;
        MaxRows = maxRows;
        _evaluation = new LossEvaluation(loss, _outputs, maxRows, scaling);
        _workspace = _network.CreateWorkspace(maxRows, keepsOutputs: false);
        _logits = new AlignedBuffer((long)network.Members.Length * maxRows * _outputs);
        _mean = new AlignedBuffer((long)maxRows * _outputs);
        _gradient = new AlignedBuffer((long)maxRows * _outputs);
    }

    public int MaxRows { get; }

    /// <summary>The rows of the latest batch.</summary>
    public int Rows { get; private set; }

    /// <summary>(rows x outputs): the ensemble's outputs for the latest batch.</summary>
    public ReadOnlySpan<float> Predictions => _mean.Span[..(Rows * _outputs)];

    /// <summary>Takes a member's logits for a batch.</summary>
    public void Take(int member, ReadOnlySpan<float> logits) => logits.CopyTo(_logits.Span[(member * logits.Length)..]);

    /// <summary>Measures what comes of the mean of all members' logits that were taken.</summary>
    public BatchSums Evaluate(in BatchTargets targets, int rows, bool countsCorrect, ThreadTeam? team)
    {
        Rows = rows;
        EnsemblePass.Combine(_network.Ensemble!, _network.OutputActivation, _logits.Pointer, _mean.Pointer, rows * _outputs, saturates: false);
        return Evaluate(in targets, countsCorrect, team);
    }

    /// <summary>Measures the ensemble on a batch as at prediction.</summary>
    public BatchSums Measure(in InputRows features, in BatchTargets targets, ThreadTeam? team, bool countsCorrect)
    {
        Rows = features.Rows;
        _network.Forward(in features, _workspace, training: null, team).CopyTo(_mean.Span);
        return Evaluate(in targets, countsCorrect, team);
    }

    private BatchSums Evaluate(in BatchTargets targets, bool countsCorrect, ThreadTeam? team) => _evaluation.Run(Predictions, in targets, _gradient.Span, countsCorrect, team);
}
