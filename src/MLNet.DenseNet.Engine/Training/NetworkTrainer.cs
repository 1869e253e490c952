using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Trains one network: single steps, or epochs over a data set. Two threads cannot use it at once, nor can a loss or a callback of its own training: each gets an <see cref="InvalidOperationException"/>.</summary>
/// <example>
/// <code>
/// var trainer = new NetworkTrainer(network, new TrainingOptions { LearningRate = 0.01f, NumberOfEpochs = 20, Seed = 1 });
/// var history = trainer.Train(Dataset.FromClasses(inputs: 4, classCount: 3, features, classes));
/// </code>
/// </example>
public sealed class NetworkTrainer
{
    private readonly TrainingPlan _plan;
    private readonly TrainingState _state;
    private readonly ExclusiveUse _use = new("The trainer is at work already, in another thread or in what called back here; a trainer does one thing at a time.");
    private bool _hasGradient;

    /// <summary>Prepares to train a network; its parameters change with every step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range, or the augmentation does not fit the network's inputs or the loss.</exception>
    /// <exception cref="ArgumentException">The loss does not fit the network's output activation or its output's shape.</exception>
    public NetworkTrainer(Network network, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var loss = options.Loss ?? Loss.For(network.OutputActivation);
        loss.CheckOutputActivation(network.OutputActivation);
        if (loss.Link == Activation.Softmax && network.OutputShape.Size < 2)
            throw new ArgumentException($"The loss {loss} needs at least two outputs: the softmax of one is always 1.", nameof(network));
        if (loss.Link == Activation.Softmax && network.OutputShape.Size > network.OutputShape.Channels)
            throw new ArgumentException($"The loss {loss} is of one distribution a row, and the network has one for each position of {network.OutputShape}.", nameof(network));
        if (loss.NeedsGroups && network.OutputShape.Size != 1)
            throw new ArgumentException($"The loss {loss} orders rows by one output; the network has {network.OutputShape.Size}.", nameof(network));
        if (loss.Outputs is { } outputs && network.OutputShape.Size != outputs)
            throw new ArgumentException($"The loss {loss} is made for {outputs} outputs; the network has {network.OutputShape.Size}.", nameof(network));
        TrainingOptions.Check(options.Seed is not null || options.Checkpoints is null, nameof(options.Seed), null, "be given where Checkpoints are, so that a training can go on as it began");
        TrainingOptions.Check(
            options.LearningRateSchedule is not WarmUpSchedule warmUp || warmUp.WholeRise <= options.EffectiveNumberOfEpochs, nameof(options.LearningRateSchedule), options.LearningRateSchedule,
            FormattableString.Invariant($"reach the full rate within the {options.EffectiveNumberOfEpochs} epochs"));
        options = options.Copy();
        options.FitAugmentation(network.InputShape);
        if (options.Augmentation is { } augmentation)
            Check(augmentation, loss);
        _plan = new TrainingPlan(network, options, loss, options.Seed ?? Random.Shared.Next());
        _state = new TrainingState(new Learners(network, loss, _plan.Options), _plan.Seed);
    }

    /// <summary>The network being trained.</summary>
    public Network Network => _plan.Network;

    /// <summary>Standardizes targets while training, so that the network puts out standardized predictions until training ends; null where targets are learned as they are.</summary>
    internal TargetScaling? TargetScaling
    {
        init => _state.Scaling = value;
    }

    /// <summary>The training that the network comes from, whose epochs and steps are counted on; null for a new network.</summary>
    internal TrainingHistory? Earlier
    {
        init
        {
            if (value is not null)
                _state.GoOnFrom(value);
        }
    }

    /// <summary>Computes the mean loss of a batch and its gradient, as training does: with dropout on, though without augmentation and <see cref="TrainingOptions.ClassWeights"/>, for which there are weights of rows. Weight decay is part of <see cref="Step()"/>.</summary>
    /// <param name="features">(rows x inputs), row-major.</param>
    /// <param name="targets">(rows x outputs), row-major.</param>
    /// <param name="weights">(rows), or empty where all rows weigh the same: how much each counts relative to the others of this batch.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">A length does not fit or a value is not allowed (<see cref="Dataset.FromTargets(int, int, ReadOnlyMemory{float}, ReadOnlyMemory{float}, ReadOnlyMemory{float})"/>), or a target is outside the range of the loss.</exception>
    /// <exception cref="InvalidOperationException">The trainer is in use, by another thread or from a callback of its own; or a <see cref="CustomLoss"/> is not finite.</exception>
    public unsafe double ComputeGradient(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights = default)
    {
        using (_use.Enter())
        {
            // Where these rows are refused, a step must not be that of others.
            _hasGradient = false;
            CheckValues(features, targets, weights);
        }

        fixed (float* elements = features)
            return ComputeGradientOf(new MatrixRows(elements, Network.CountRows(features), Network.InputShape.Size), targets, weights);
    }

    /// <summary>The same for rows that may be sparse.</summary>
    internal double ComputeGradientOf(InputRows features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        using var use = _use.Enter();
        _hasGradient = false;
        var rows = features.Rows;
        ArgumentOutOfRangeException.ThrowIfZero(rows, nameof(features));
        Lengths.Check(targets.Length, (long)rows * Network.OutputShape.Size);
        Lengths.Check(weights.Length, weights.IsEmpty ? 0 : rows);
        _state.Learners.EnsureRoomFor(rows, _state.Scaling);
        var sums = _state.Learners.ComputeGradients(features, new BatchTargets(targets, weights), _state.NextStep);
        _hasGradient = true;
        return sums.MeanLoss;
    }

    /// <summary>The gradient that <see cref="ComputeGradient"/> found for a parameter.</summary>
    /// <param name="parameter">A member of the network's parameters.</param>
    /// <returns>A copy, row-major, limited by <see cref="Step()"/> where the options limit gradients; all 0 for a parameter that is not trained.</returns>
    /// <exception cref="ArgumentException">The parameter is not this network's.</exception>
    /// <exception cref="InvalidOperationException">No gradient was computed yet, or not since <see cref="Train(Dataset, Dataset?)"/>, or the last rows for one were refused.</exception>
    public float[] Gradient(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Network.Parameters.Contains(parameter))
            throw new ArgumentException("The parameter belongs to another network.", nameof(parameter));
        CheckGradient();
        return _state.Learners.Of(parameter)?.Gradients.ToArray(parameter) ?? new float[parameter.Shape.Size];
    }

    /// <summary>Applies the gradient that <see cref="ComputeGradient"/> found: one step of the optimizer at the options' rate, without a schedule and without averages of weights. Unlike <see cref="Train(Dataset, Dataset?)"/>, it does not check that all weights stay finite.</summary>
    /// <exception cref="InvalidOperationException">No gradient was computed yet, or not since <see cref="Train(Dataset, Dataset?)"/>, or the last rows for one were refused; or the trainer is in use.</exception>
    public void Step() => Step(_plan.Options.EffectiveLearningRate);

    /// <summary>The same at a rate of the caller's, as where it changes from step to step.</summary>
    /// <param name="learningRate">The size of the step, above 0 and finite, in place of <see cref="TrainingOptions.LearningRate"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="learningRate"/> is outside its range.</exception>
    /// <inheritdoc cref="Step()"/>
    public void Step(float learningRate)
    {
        if (learningRate is not (> 0 and < float.PositiveInfinity))
            throw new ArgumentOutOfRangeException(nameof(learningRate), learningRate, "The learning rate of a step must be above 0 and finite.");
        using var use = _use.Enter();
        CheckGradient();
        _state.Learners.Step(learningRate);
    }

    /// <summary>
    /// Sets the statistics of the <see cref="StandardizationLayer"/> that the network begins with, so that it brings the features of these rows to mean 0 and variance 1, or the two values of one that has
    /// no others, such as an indicator, 2 apart, however rare one of them is. Where the network's input has several dimensions, the last are channels, whose values of all positions have one mean and one variance. Features of sparse rows are not shifted, but for those of which every row stores a value, be it 0. A <see cref="PrincipalComponentsLayer"/> right behind it, or in its place, gets its components, by up to 4,096 of the rows that have a weight, of many columns fewer, where each counts once. A <see cref="NumericEmbeddingLayer"/> right behind these, or first in a <see cref="WideAndDeepLayer"/> there, gets its bins, where dense rows have up to 2,048 features; of sparse rows, in columns of which all store a value, and in those of several values, unless these are more than 1,024.
    /// </summary>
    /// <remarks><see cref="Train(Dataset, Dataset?)"/> does not do it by itself: call it once before. A <see cref="MissingValueLayer"/> first gets the means of the values that are there; without a standardization it may be alone, and so may an embedding. An image keeps what makes it one, brighter and darker places, and pixels that are nearly always the same are not blown up. A channel for itself, as red or green, has a unit of its own.</remarks>
    /// <param name="data">The rows to learn from, which count by their weights.</param>
    /// <exception cref="ArgumentException">The rows have another number of features than the network.</exception>
    /// <exception cref="InvalidOperationException">The network begins with no layer of these; or the trainer is in use, by another thread or from a callback of its own.</exception>
    public void Standardize(Dataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var use = _use.Enter();
        var rows = RowSubset.All(data);
        InputStatistics.Standardize(Network, rows);
        InputStatistics.SetComponents(Network, rows);
        InputStatistics.SetBins(Network, rows);
    }

    /// <summary>Trains for the number of epochs in the options, or until early stopping, a callback or a cancellation ends it.</summary>
    /// <remarks>A second call goes on where the first ended: the optimizer keeps its state, and epochs and steps are counted on. So rows come in a new order, and dropout and augmentation draw new random numbers, but the same rows are split off. The learning-rate schedule begins again.</remarks>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="validation">Rows to measure with after each epoch, never to learn from; null for none, or those that <see cref="TrainingOptions.ValidationFraction"/> splits off.</param>
    /// <returns>A summary of each epoch, and how training ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option does not fit the rows, or a validation set is given beside a <see cref="TrainingOptions.ValidationFraction"/>.</exception>
    /// <exception cref="ArgumentException">The rows do not fit the network, or their targets the loss; or the checkpoint in the folder is of another training, or of another version of this library.</exception>
    /// <exception cref="FormatException">The checkpoint in the folder is damaged, or of a newer version.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled and the options say that this is an exception, or no epoch was complete.</exception>
    /// <exception cref="IOException">The folder of checkpoints cannot be used, or another training uses it.</exception>
    /// <exception cref="InvalidOperationException">The trainer is in use, by another thread or from a callback of its own; or a <see cref="CustomLoss"/> is not finite.</exception>
    public TrainingHistory Train(Dataset data, Dataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        var fraction = _plan.Options.ValidationFraction;
        if (fraction == 0)
            return Train(RowSubset.All(data), validation is null ? null : RowSubset.All(validation));
        TrainingOptions.Check(validation is null, nameof(TrainingOptions.ValidationFraction), fraction, "be 0 where a validation set is given");
        var (kept, splitOff) = RowSubset.SplitAsAsked(data, fraction, _plan.HoldOutSeed);
        return Train(kept, splitOff);
    }

    /// <inheritdoc cref="Train(Dataset, Dataset?)"/>
    /// <param name="data">The rows to learn from: <see cref="TrainingOptions.ValidationFraction"/> is ignored, since the caller has split rows off.</param>
    /// <param name="validation">Rows to measure with after each epoch; null for none.</param>
    internal TrainingHistory Train(RowSource data, RowSource? validation) => Train(data, validation, folds: null);

    /// <summary>Trains an ensemble whose members each leave out other rows, and are measured on these.</summary>
    /// <inheritdoc cref="Train(Dataset, Dataset?)"/>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="folds">The rows that each member leaves out.</param>
    internal TrainingHistory Train(RowSubset data, HeldOutFolds folds) => Train(data, folds.All, folds);

    private TrainingHistory Train(RowSource data, RowSource? validation, HeldOutFolds? folds)
    {
        using var use = _use.Enter();
        _hasGradient = false;
        using var session = new TrainingSession(_plan, _state, data, validation, folds);
        return session.Run();
    }

    /// <summary>Takes single steps, each at a learning rate of its own.</summary>
    /// <param name="data">The rows to learn from; gone over again, in a new order, where the steps need more.</param>
    /// <param name="count">How many steps.</param>
    /// <param name="rateOf">Gives the rate of a step by its number, from 0.</param>
    /// <returns>The sums of each step's batch. A step is taken when its sums are asked for.</returns>
    internal IEnumerable<BatchSums> TrainSteps(RowSource data, int count, Func<int, float> rateOf)
    {
        using var use = _use.Enter();
        _hasGradient = false;
        data.Check(Network, _plan.Loss, nameof(data));
        using var steps = new TrainingSteps(_plan, _state, data, _plan.Options.ClassWeights?.Factors(data.Targets));
        _state.Learners.EnsureRoomFor(steps.MaxBatchRows, _state.Scaling);
        for (var step = 0; step < count; step++)
        {
            var (epoch, index) = Math.DivRem(step, steps.PerEpoch);
            if (index == 0)
                steps.BeginEpoch(_state.EpochsBegun + epoch + 1);
            if (_plan.Options.IsCanceled || !steps.TryTakeNext(rateOf(step), recorder: null, out var sums))
                throw new OperationCanceledException(_plan.Options.CancellationToken);
            yield return sums;
        }
    }

    private static void Check(Augmentation augmentation, Loss loss)
    {
        TrainingOptions.Check(!augmentation.IsIdle, nameof(TrainingOptions.Augmentation), augmentation, "be told what to change: all of its changes are off");
        TrainingOptions.Check(
            !augmentation.MixesRows || !loss.NeedsOneClass, nameof(TrainingOptions.Augmentation), augmentation, $"be without mixup where the loss is {loss}, which needs one class a row");
        TrainingOptions.Check(
            !augmentation.MixesRows || !loss.NeedsGroups, nameof(TrainingOptions.Augmentation), augmentation, $"be without mixup where the loss is {loss}, which compares the rows of a group");
    }

    /// <summary>As a <see cref="Dataset"/> is checked, without making one.</summary>
    private void CheckValues(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights)
    {
        if (!FiniteValues.AreComplete(features, nameof(features)))
        {
            for (var i = 0; i < features.Length; i++)
            {
                if (float.IsNaN(features[i]) && !Network.MissingColumns.Contains(i % Network.InputShape.Size))
                    throw new ArgumentException(RowSource.MissingText(i % Network.InputShape.Size), nameof(features));
            }
        }

        DatasetLimits.CheckTargets(targets);
        if (_plan.Loss.TargetRange is { } range)
        {
            foreach (var target in targets)
            {
                if (!range.Includes(target))
                    throw new ArgumentException(FormattableString.Invariant($"A target is {target}; the loss {_plan.Loss} needs targets {range}."), nameof(targets));
            }
        }

        if (!weights.IsEmpty)
            DatasetLimits.CheckWeightsOfBatch(weights, Network.CountRows(features));
    }

    /// <summary>Training leaves no gradients behind, since it applies those of large parameters as they are computed.</summary>
    private void CheckGradient()
    {
        if (!_hasGradient)
            throw new InvalidOperationException("There is no gradient: call ComputeGradient first, of rows that it does not refuse.");
    }
}
