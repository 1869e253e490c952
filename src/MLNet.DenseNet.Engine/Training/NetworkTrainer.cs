using System.Diagnostics;
using System.Runtime.CompilerServices;
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
    public unsafe double ComputeGradient(ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights = default)
    {
        var rows = Network.CountRows(features);
        ArgumentOutOfRangeException.ThrowIfZero(rows, nameof(features));
        Elementwise.CheckSameLength(targets.Length, rows * Network.OutputShape.Size);
        Elementwise.CheckSameLength(weights.Length, weights.IsEmpty ? 0 : rows);
        fixed (float* elements = features)
            return EnsureRoomFor(rows).Run(new MatrixRows(elements, rows, Network.InputShape.Size), targets, weights, new TrainingStep(_seed, _steps), crew: null).MeanLoss;
    }

    /// <summary>The gradient that <see cref="ComputeGradient"/> found for a parameter.</summary>
    /// <param name="parameter">A member of the network's parameters.</param>
    /// <returns>A copy: as many values as the parameter has, row-major.</returns>
    /// <exception cref="ArgumentException">The parameter is not this network's.</exception>
    /// <exception cref="InvalidOperationException">No gradient was computed yet.</exception>
    public float[] Gradient(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        if (!Network.Parameters.Contains(parameter))
            throw new ArgumentException("The parameter belongs to another network.", nameof(parameter));
        return parameter.ToArray(Computed.Gradients);
    }

    /// <summary>Applies the gradient that <see cref="ComputeGradient"/> found: one step of the optimizer. Whether it leaves all weights finite is for the caller to see; <see cref="Train"/> looks.</summary>
    /// <exception cref="InvalidOperationException">No gradient was computed yet.</exception>
    public void Step() => ApplyGradient(crew: null);

    private void ApplyGradient(Crew? crew)
    {
        var computed = Computed;
        _steps++;
        new ParameterUpdate(Network, _options, computed.Gradients, _optimizerState, _steps, computed.Rows, crew).Run();
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
        EnsureRoomFor(Math.Max(batchRows, validationRows)).CountsCorrect = data.IsClassification || validation is { IsClassification: true };
        using var crew = new Crew(_options.EffectiveNumberOfThreads);
        using var batch = new MiniBatch(data, Network.OutputShape.Size, batchRows);
        using var validationBatch = validation is null ? null : new MiniBatch(validation, Network.OutputShape.Size, validationRows);
        var order = new int[data.Rows];
        var clock = Stopwatch.StartNew();
        var history = new List<EpochSummary>();
        for (var epoch = 1; epoch <= _options.NumberOfEpochs; epoch++)
        {
            var training = TrainEpoch(epoch, data, order, batch, crew);
            BatchSums? measured = validation is null ? null : Measure(validation, validationBatch!, crew);
            history.Add(new EpochSummary(
                epoch, _options.NumberOfEpochs, training.MeanLoss, data.IsClassification ? training.Accuracy : null,
                measured?.MeanLoss, validation is { IsClassification: true } ? measured?.Accuracy : null,
                _options.EffectiveLearningRate, clock.Elapsed));
            _options.EpochCompleted?.Invoke(history[^1]);
        }

        return history;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BatchSums TrainEpoch(int epoch, Dataset data, int[] order, MiniBatch batch, Crew crew)
    {
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        if (_options.Shuffle)
            new RandomBits((ulong)_seed, RandomStreams.Shuffling(epoch)).Shuffle(order);

        var total = default(BatchSums);
        for (var start = 0; start < order.Length; start += batch.MaxRows)
        {
            batch.Take(order, start);
            var sums = Computed.Run(batch.Features, batch.Targets, batch.Weights, new TrainingStep(_seed, _steps), crew);
            if (!double.IsFinite(sums.Loss))
                throw new TrainingDivergedException(epoch, "the loss", _options.EffectiveLearningRate);
            total += sums;
            ApplyGradient(crew);
        }

        if (!FiniteValues.All(Network.Block.Span))
            throw new TrainingDivergedException(epoch, "a weight", _options.EffectiveLearningRate);

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BatchSums Measure(Dataset data, MiniBatch batch, Crew crew)
    {
        var total = default(BatchSums);
        var rows = new int[batch.MaxRows];
        for (var start = 0; start < data.Rows; start += rows.Length)
        {
            var count = Math.Min(rows.Length, data.Rows - start);
            for (var i = 0; i < count; i++)
                rows[i] = start + i;
            batch.Take(rows.AsSpan(0, count), 0);
            total += Computed.Evaluate(batch.Features, batch.Targets, batch.Weights, step: null, crew);
        }

        return total;
    }

    private Backpropagation Computed => _backpropagation ?? throw new InvalidOperationException("No gradient was computed yet: call ComputeGradient first.");

    private Backpropagation EnsureRoomFor(int rows)
    {
        if (_backpropagation is null || _backpropagation.MaxRows < rows)
            _backpropagation = new Backpropagation(Network, _loss, rows);
        return _backpropagation;
    }
}
