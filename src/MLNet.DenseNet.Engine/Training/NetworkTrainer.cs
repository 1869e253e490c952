using System.Diagnostics;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Trains one network: single steps, or epochs over a data set. Not for use by two threads at once.</summary>
public sealed class NetworkTrainer
{
    // How many validation rows go through the network at once: enough to keep the products busy, few enough to stay in cache.
    private const int ValidationBatchSize = 256;

    private readonly TrainingOptions _options;
    private readonly Loss _loss;
    private readonly int _seed;
    private readonly GradientClipping _clipping;
    private readonly AlignedBuffer[] _optimizerState;
    private Backpropagation? _backpropagation;
    private long _steps;

    /// <summary>Prepares to train a network; its parameters change with every step.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">Copied: later changes have no effect.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="ArgumentException">The loss does not fit the network's output activation.</exception>
    public NetworkTrainer(Network network, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Network = network;
        _options = options.Copy();
        _loss = options.Loss ?? Loss.For(network.OutputActivation);
        _loss.CheckOutputActivation(network.OutputActivation);
        if (_loss.Link == Activation.Softmax && network.OutputShape.Size < 2)
            throw new ArgumentException($"The loss {_loss} needs at least two outputs: the softmax of one is always 1.", nameof(network));
        _seed = options.Seed ?? Random.Shared.Next();
        _clipping = new GradientClipping(options.GradientNormLimit, options.GradientValueLimit, network.BlockLength);
        _optimizerState = new AlignedBuffer[options.Optimizer.StateCount];
        for (var i = 0; i < _optimizerState.Length; i++)
            _optimizerState[i] = new AlignedBuffer(network.BlockLength);
    }

    /// <summary>The network being trained.</summary>
    public Network Network { get; }

    /// <summary>Computes the mean loss of a batch and its gradient, as training does: with dropout on. Weight decay is part of <see cref="Step"/>.</summary>
    /// <param name="features">(rows x inputs), row-major.</param>
    /// <param name="targets">(rows x outputs), row-major.</param>
    /// <param name="weights">(rows), or empty where all rows weigh the same.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public double ComputeGradient(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights = default)
    {
        var rows = Network.CountRows(features);
        ArgumentOutOfRangeException.ThrowIfZero(rows, nameof(features));
        Elementwise.CheckSameLength(targets.Length, rows * Network.OutputShape.Size);
        Elementwise.CheckSameLength(weights.Length, weights.IsEmpty ? 0 : rows);
        return EnsureRoomFor(rows).Run(features, targets, weights, new TrainingStep(_seed, _steps), crew: null).MeanLoss;
    }

    /// <summary>The gradient that <see cref="ComputeGradient"/> found for a parameter.</summary>
    /// <param name="parameter">A member of the network's parameters.</param>
    /// <returns>As many values as the parameter has, row-major; overwritten by the next batch, and limited by <see cref="Step"/> where the options limit gradients.</returns>
    /// <exception cref="ArgumentException">The parameter is not this network's.</exception>
    /// <exception cref="InvalidOperationException">No gradient was computed yet.</exception>
    public ReadOnlySpan<float> Gradient(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Network.Parameters.Contains(parameter))
            throw new ArgumentException("The parameter belongs to another network.", nameof(parameter));
        return parameter.In(Computed.Gradients);
    }

    /// <summary>Applies the gradient that <see cref="ComputeGradient"/> found: one step of the optimizer at the options' rate; schedules are for <see cref="Train"/>. Whether it leaves all weights finite is for the caller to see; <see cref="Train"/> looks.</summary>
    /// <exception cref="InvalidOperationException">No gradient was computed yet.</exception>
    public void Step() => ApplyGradient(_options.EffectiveLearningRate, crew: null);

    private void ApplyGradient(float rate, Crew? crew)
    {
        var gradients = Computed.Gradients;
        _clipping.Apply(gradients, crew);
        _steps++;
        for (var index = 0; index < Network.Parameters.Count; index++)
        {
            var parameter = Network.Parameters[index];
            _options.Optimizer.Step(new OptimizerStep(
                _steps, rate, parameter.IsDecayed ? _options.EffectiveWeightDecay : 0,
                parameter.MutableValues, parameter.In(gradients), State(0, parameter), State(1, parameter),
                parameter.Shape.Dimensions[^1], crew));
        }
    }

    /// <summary>Trains for the number of epochs in the options.</summary>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="validation">Rows to measure with after each epoch, never to learn from; null for none.</param>
    /// <returns>A summary of each epoch.</returns>
    /// <exception cref="ArgumentException">The rows do not fit the network, or their targets the loss.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no longer finite.</exception>
    public IReadOnlyList<EpochSummary> Train(Dataset data, Dataset? validation = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        data.CheckFits(Network, nameof(data));
        data.CheckTargets(_loss, nameof(data));
        validation?.CheckFits(Network, nameof(validation));
        validation?.CheckTargets(_loss, nameof(validation));

        var batchRows = Math.Min(_options.BatchSize, data.Rows);
        var validationRows = Math.Min(ValidationBatchSize, validation?.Rows ?? 0);
        EnsureRoomFor(Math.Max(batchRows, validationRows));
        using var crew = new Crew(_options.EffectiveNumberOfThreads);
        var batch = NewBatch(batchRows, crew);
        var validationBatch = validation is null ? null : NewBatch(validationRows, crew);
        var order = new int[data.Rows];
        var clock = Stopwatch.StartNew();
        var rate = new ScheduledRate(_options.LearningRateSchedule, _options.EffectiveLearningRate, (data.Rows + batchRows - 1) / batchRows, _options.NumberOfEpochs);
        var history = new List<EpochSummary>();
        for (var epoch = 1; epoch <= _options.NumberOfEpochs; epoch++)
        {
            var training = TrainEpoch(epoch, data, order, batch, rate, crew);
            BatchSums? measured = validation is null ? null : Measure(validation, validationBatch!, crew);
            history.Add(new EpochSummary(
                epoch, _options.NumberOfEpochs, training.MeanLoss, data.IsClassification ? training.Accuracy : null,
                measured?.MeanLoss, validation is { IsClassification: true } ? measured?.Accuracy : null,
                rate.Latest, clock.Elapsed));
            rate.EndEpoch(history[^1]);
            _options.EpochCompleted?.Invoke(history[^1]);
        }

        return history;
    }

    private BatchSums TrainEpoch(int epoch, Dataset data, int[] order, MiniBatch batch, ScheduledRate rate, Crew crew)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        if (_options.Shuffle)
            new RandomBits((ulong)_seed, RandomStreams.Shuffling(epoch)).Shuffle(order);

        var total = default(BatchSums);
        var step = (epoch - 1L) * ((order.Length + batch.MaxRows - 1) / batch.MaxRows);
        for (var start = 0; start < order.Length; start += batch.MaxRows)
        {
            batch.Gather(data, order.AsSpan(start, Math.Min(batch.MaxRows, order.Length - start)), crew);
            var sums = Computed.Run(batch.Features, batch.Targets, batch.Weights, new TrainingStep(_seed, _steps), crew, batch.FeatureCopies);
            if (!double.IsFinite(sums.Loss))
                throw new TrainingDivergedException(epoch, "the loss", rate.Latest);
            total += sums;
            ApplyGradient(rate.At(step++), crew);
        }

        foreach (var parameter in Network.Parameters)
        {
            if (!FiniteValues.All(parameter.Values))
                throw new TrainingDivergedException(epoch, "a weight", rate.Latest);
        }

        return total;
    }

    private BatchSums Measure(Dataset data, MiniBatch batch, Crew crew)
    {
        var total = default(BatchSums);
        var rows = new int[batch.MaxRows];
        for (var start = 0; start < data.Rows; start += rows.Length)
        {
            var count = Math.Min(rows.Length, data.Rows - start);
            for (var i = 0; i < count; i++)
                rows[i] = start + i;
            batch.Gather(data, rows.AsSpan(0, count), crew);
            total += Computed.Evaluate(batch.Features, batch.Targets, batch.Weights, step: null, crew, batch.FeatureCopies);
        }

        return total;
    }

    private Backpropagation Computed => _backpropagation ?? throw new InvalidOperationException("No gradient was computed yet: call ComputeGradient first.");

    private MiniBatch NewBatch(int rows, Crew crew) => new(Network.InputShape.Size, Network.OutputShape.Size, rows, crew.Threads);

    private Backpropagation EnsureRoomFor(int rows)
    {
        if (_backpropagation is null || _backpropagation.MaxRows < rows)
            _backpropagation = new Backpropagation(Network, _loss, rows);
        return _backpropagation;
    }

    private Span<float> State(int index, Parameter parameter) => index < _optimizerState.Length ? parameter.In(_optimizerState[index]) : [];
}
