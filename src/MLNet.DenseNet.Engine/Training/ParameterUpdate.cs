using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The steps of the optimizer on one network: what it remembers between them, and how many there were.</summary>
internal sealed class ParameterUpdate
{
    private readonly Network _network;
    private readonly Optimizer _optimizer;
    private readonly float _weightDecay;
    private readonly GradientClipping _clipping;

    public ParameterUpdate(Network network, TrainingOptions options)
    {
        _network = network;
        _optimizer = options.Optimizer;
        _weightDecay = options.EffectiveWeightDecay;
        _clipping = new GradientClipping(options.GradientNormLimit, options.GradientValueLimit, network.BlockLength);
        State = [.. Enumerable.Range(0, _optimizer.StateCount).Select(_ => new AlignedBuffer(network.BlockLength))];
    }

    /// <summary>The steps taken; set where training goes on from a checkpoint.</summary>
    public long Steps { get; set; }

    /// <summary>What the optimizer remembers, laid out like the network's parameters.</summary>
    public IReadOnlyList<AlignedBuffer> State { get; }

    /// <summary>Takes a step.</summary>
    /// <param name="gradients">The gradients of all parameters; limited in place where the options say so.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="crew">Who shares the work; null for the caller alone.</param>
    public void Step(AlignedBuffer gradients, float rate, Crew? crew)
    {
        _clipping.Apply(gradients, crew);
        Steps++;
        for (var index = 0; index < _network.Parameters.Count; index++)
        {
            var parameter = _network.Parameters[index];
            _optimizer.Step(new OptimizerStep(
                Steps, rate, parameter.IsDecayed ? _weightDecay : 0,
                parameter.MutableValues, parameter.In(gradients), StateOf(0, parameter), StateOf(1, parameter),
                parameter.Shape.Dimensions[^1], crew));
        }
    }

    private Span<float> StateOf(int index, Parameter parameter) => index < State.Count ? parameter.In(State[index]) : [];
}
