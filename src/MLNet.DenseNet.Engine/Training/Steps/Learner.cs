using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One network that learns by its own loss, with gradients and an optimizer's state of its own.</summary>
/// <param name="network">The network; not an ensemble.</param>
/// <param name="loss">The loss, which fits the output activation.</param>
/// <param name="options">How it is trained.</param>
/// <param name="member">Which member of an ensemble it is, of whose logits the mean is taken; null for none.</param>
internal sealed class Learner(Network network, Loss loss, TrainingOptions options, int? member)
{
    // The logits of a member are needed by themselves.
    private readonly Network _trained = member is not null ? network.WithoutLink(loss.Link).WithActivationApart() : network;
    private Backpropagation? _backpropagation;

    public Network Network => network;

    /// <summary>The optimizer's steps on its parameters.</summary>
    public ParameterUpdate Update { get; } = new(network, options);

    /// <summary>Whether weight decay makes total variations small in the next steps, if this network is one where it may.</summary>
    public bool PenalizesTotalVariation
    {
        set => Update.PenalizesTotalVariation = value && TotalVariationDecay.IsOf(options.FunctionDecay, member ?? 0);
    }

    /// <summary>The average of its weights; null where none is taken.</summary>
    public WeightAverage? Average { get; } = options.AverageWeights == true ? new WeightAverage(network) : null;

    /// <summary>The gradients of the latest batch.</summary>
    public Gradients Gradients => _backpropagation!.Gradients;

    /// <inheritdoc cref="Backpropagation.Predictions"/>
    public ReadOnlySpan<float> Predictions => _backpropagation!.Predictions;

    /// <summary>(rows x outputs): a member's outputs before its output activation for the latest batch, where the activation is not identity.</summary>
    public ReadOnlySpan<float> Logits => _backpropagation!.Output(network.LastLayer);

    /// <inheritdoc cref="Backpropagation.Rows"/>
    public int Rows => _backpropagation!.Rows;

    /// <inheritdoc cref="Backpropagation.Output"/>
    public ReadOnlySpan<float> Output(int layer) => layer == network.LastLayer ? Predictions : _backpropagation!.Output(layer);

    /// <summary>Allocates memory for batches of so many rows, where there is not enough. Gradients are lost then.</summary>
    public void EnsureRoomFor(int rows, TargetScaling? scaling)
    {
        if (_backpropagation is null || _backpropagation.MaxRows < rows)
            _backpropagation = new Backpropagation(_trained, loss, rows, scaling);
    }

    /// <summary>Measures a batch as at prediction, without learning from it.</summary>
    /// <returns>The batch's sums.</returns>
    public BatchSums Measure(in InputRows features, in BatchTargets targets, ThreadTeam? team, bool countsCorrect) =>
        _backpropagation!.Forward(in features, in targets, step: null, team, countsCorrect);

    /// <summary>Computes all gradients of a batch, and changes no parameter.</summary>
    /// <returns>The batch's sums.</returns>
    public BatchSums ComputeGradients(in InputRows features, in BatchTargets targets, TrainingStep step)
    {
        var sums = _backpropagation!.Forward(in features, in targets, step, team: null, countsCorrect: false);
        _backpropagation.Backward(step, team: null, fusedUpdate: null);
        return sums;
    }

    /// <summary>Begins a step: computes the gradients of a batch. Those of large parameters are applied as they are computed, unless all gradients are needed together.</summary>
    /// <param name="features">(rows x inputs of the first layer to run).</param>
    /// <param name="entry">The first layer to run.</param>
    /// <param name="targets">The targets of these rows, and their weights.</param>
    /// <param name="step">Which step this is.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="keepsGradients">Whether all gradients are needed before <see cref="EndStep"/>.</param>
    /// <param name="countsCorrect">Whether the rows classified right are counted.</param>
    /// <returns>The batch's sums. Where the loss is not finite, there is no step to end.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BatchSums BeginStep(in InputRows features, int entry, in BatchTargets targets, TrainingStep step, float rate, ThreadTeam? team, bool keepsGradients, bool countsCorrect)
    {
        var sums = _backpropagation!.Forward(in features, in targets, step, team, countsCorrect, entry);
        if (double.IsFinite(sums.Objective))
            _backpropagation.Backward(step, team, Update.Begin(rate, features.Rows, keepsGradients));
        return sums;
    }

    /// <summary>Ends the step: updates the parameters whose gradients were not applied yet.</summary>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    public void EndStep(ThreadTeam? team)
    {
        Update.End(Gradients, team);
        Average?.Add(team);
    }
}
