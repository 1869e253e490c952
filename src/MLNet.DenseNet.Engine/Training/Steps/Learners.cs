using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>All learners of a training, over the same batches: one network, or the members of an ensemble. Several members may learn at the same time, on different threads, which changes no bit.</summary>
internal sealed class Learners
{
    private readonly Network _network;
    private readonly Loss _loss;
    private readonly Learner[] _learners;

    // One for each learner.
    private readonly BatchSums[] _sums;

    // Only for an ensemble.
    private MemberMean? _mean;

    // Only for an ensemble with such layers.
    private SharedLayers? _shared;

    // The first layer that each member ran by itself on the latest batch.
    private int _entry;

    /// <param name="network">The network, or the ensemble.</param>
    /// <param name="loss">The loss of each by itself.</param>
    /// <param name="options">How they are trained.</param>
    public Learners(Network network, Loss loss, TrainingOptions options)
    {
        (_network, _loss) = (network, loss);
        _learners = [.. network.Members.ToArray().Select((member, index) => new Learner(member, loss, options, network.Ensemble is null ? null : index))];
        _sums = new BatchSums[_learners.Length];
    }

    public ReadOnlySpan<Learner> All => _learners;

    /// <summary>The steps that their optimizers took; set where training goes on from a checkpoint.</summary>
    public long Steps
    {
        get => _learners[0].Update.Steps;
        set
        {
            foreach (var learner in _learners)
                learner.Update.Steps = value;
        }
    }

    /// <summary>The weight decay of the next steps.</summary>
    public float WeightDecay
    {
        set
        {
            foreach (var learner in _learners)
                learner.Update.WeightDecay = value;
        }
    }

    /// <summary>Whether weight decay makes total variations small in the next steps, in the networks where it may.</summary>
    public bool PenalizesTotalVariation
    {
        set
        {
            foreach (var learner in _learners)
                learner.PenalizesTotalVariation = value;
        }
    }

    /// <summary>The weights that are in each average; set where a training begins, or goes on from a checkpoint.</summary>
    public long AveragedSteps
    {
        set
        {
            foreach (var learner in _learners)
                learner.Average?.Count = value;
        }
    }

    /// <summary>Has the steps of an epoch averaged, where the options say so: they go on from the weights of the step before.</summary>
    /// <param name="steps">Of an epoch.</param>
    public void BeginAveraging(int steps)
    {
        foreach (var learner in _learners)
            learner.Average?.BeginEpoch(steps);
    }

    /// <summary>Ends it: the networks hold the average.</summary>
    public void EndAveraging()
    {
        foreach (var learner in _learners)
            learner.Average?.EndEpoch();
    }

    /// <summary>(rows x outputs): the outputs for the latest batch, of an ensemble their mean; see <see cref="Backpropagation.Predictions"/>.</summary>
    public ReadOnlySpan<float> Predictions => _mean is null ? _learners[0].Predictions : _mean.Predictions;

    /// <summary>The learner that trains a parameter; null where it is not trained.</summary>
    public Learner? Of(Parameter parameter) => Array.Find(_learners, learner => learner.Network.TrainedParameters.Contains(parameter));

    /// <summary>Allocates memory for batches of so many rows, where there is not enough. Gradients are lost then.</summary>
    public void EnsureRoomFor(int rows, TargetScaling? scaling)
    {
        foreach (var learner in _learners)
            learner.EnsureRoomFor(rows, scaling);
        if (_network.Ensemble is not null && (_mean is null || _mean.MaxRows < rows))
            _mean = new MemberMean(_network, _loss, rows, scaling);
        if (_network.Ensemble is { CommonLayers: > 0 } && (_shared is null || _shared.MaxRows < rows))
            _shared = new SharedLayers(_network, rows);
    }

    /// <summary>(rows x units): the output of a member's layer for the latest batch.</summary>
    public ReadOnlySpan<float> Output(int member, int layer) => layer < _entry ? _shared!.Output(layer) : _learners[member].Output(layer);

    /// <summary>Measures a batch as at prediction.</summary>
    /// <returns>The batch's sums; of an ensemble, those of the mean of its members.</returns>
    public BatchSums Measure(in InputRows features, in BatchTargets targets, ThreadTeam? team, bool countsCorrect) =>
        _mean is null ? _learners[0].Measure(in features, in targets, team, countsCorrect) : _mean.Measure(in features, in targets, team, countsCorrect);

    /// <summary>Computes all gradients of a batch, and changes no parameter.</summary>
    /// <returns>The batch's sums; of an ensemble, those of the mean of its members.</returns>
    public BatchSums ComputeGradients(in InputRows features, in BatchTargets targets, TrainingStep step)
    {
        _entry = 0;
        for (var index = 0; index < _learners.Length; index++)
        {
            _sums[index] = _learners[index].ComputeGradients(in features, in targets, step);
            _mean?.Take(index, _learners[index].Logits);
        }

        return Sums(in targets, features.Rows, countsCorrect: false, team: null);
    }

    /// <summary>Applies the gradients that were computed last.</summary>
    public void Step(float rate)
    {
        foreach (var learner in _learners)
            learner.Update.Step(learner.Gradients, rate);
    }

    /// <summary>Begins a step: computes the gradients of a batch, and applies some of them already, unless all gradients are needed together.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="step">Which step this is.</param>
    /// <param name="rate">Its learning rate.</param>
    /// <param name="team">Who shares the work.</param>
    /// <param name="keepsGradients">Whether all gradients are needed before <see cref="EndStep"/>.</param>
    /// <param name="countsCorrect">Whether the rows classified right are counted.</param>
    /// <returns>The batch's sums before the step; of an ensemble, those of the mean of its members. Where they are not finite, there is no step to end, and the networks are of no further use.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BatchSums BeginStep(MiniBatch batch, TrainingStep step, float rate, ThreadTeam team, bool keepsGradients, bool countsCorrect)
    {
        // A custom loss is promised that one thread at a time calls it.
        var shares = _loss.IsThreadSafe ? Shares(team, batch.Rows) : new RangeShares(_learners.Length, 1, 1);
        // Sparse rows go through most such layers without any work.
        _entry = _shared is null || batch.Features.IsSparse ? 0 : _shared.Count;
        var features = _entry == 0 ? batch.Features : _shared!.Run(batch.Features, step, team);
        shares.Run(new Beginning(this, features, batch, step, rate, shares.Parts > 1 ? null : team, keepsGradients, countsCorrect), team);
        return Sums(batch.Targets, batch.Rows, countsCorrect, team);
    }

    /// <summary>Ends the step: updates the parameters whose gradients were not applied yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void EndStep(ThreadTeam team)
    {
        var shares = Shares(team, _learners[0].Rows);
        shares.Run(new Ending(_learners, shares.Parts > 1 ? null : team), team);
    }

    /// <summary>Which networks each thread works on; one part where all threads work on each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RangeShares Shares(ThreadTeam team, int rows)
    {
        var network = _learners[0].Network;
        var largest = 0;
        if (_learners.Length > 1)
        {
            foreach (var parameter in network.TrainedParameters)
                largest = Math.Max(largest, parameter.Shape.Size);
        }

        return RangeShares.OfItems(_learners.Length, (long)rows * _learners.Length * network.TrainedLength, (long)rows * largest, team);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BatchSums Sums(in BatchTargets targets, int rows, bool countsCorrect, ThreadTeam? team)
    {
        if (_mean is null)
            return _sums[0];
        var objective = 0.0;
        foreach (var sums in _sums)
            objective += sums.Objective;
        var ofMean = _mean.Evaluate(in targets, rows, countsCorrect, team);
        // A member whose loss is not finite has diverged, even where the loss of the mean is finite.
        return double.IsFinite(objective) ? ofMean : ofMean with { Objective = objective };
    }

    private readonly struct Beginning(
        Learners learners, InputRows features, MiniBatch batch, TrainingStep step, float rate, ThreadTeam? team, bool keepsGradients, bool countsCorrect) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int index, int end)
        {
            var mean = learners._mean;
            for (; index < end; index++)
            {
                var learner = learners._learners[index];
                learners._sums[index] = learner.BeginStep(in features, learners._entry, batch.TargetsOf(index), step, rate, team, keepsGradients, countsCorrect && mean is null);
                mean?.Take(index, learner.Logits);
            }
        }
    }

    private readonly struct Ending(Learner[] learners, ThreadTeam? team) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int index, int end)
        {
            for (; index < end; index++)
                learners[index].EndStep(team);
        }
    }
}
