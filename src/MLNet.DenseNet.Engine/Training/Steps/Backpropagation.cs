using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The forward pass of a batch, the loss, and the way back that yields the gradient of every parameter; of an ensemble, that of each member's own loss.
/// All memory is allocated at construction.
/// </summary>
internal sealed class Backpropagation
{
    private readonly Network _network;
    private readonly LossEvaluation _evaluation;
    private readonly Workspace _workspace;
    private readonly MemberBackpropagation? _members;

    // The first layer that is trained: here the way back ends.
    private readonly int _lowest;

    // The gradient on its way back: of a layer's output in one, of its input in the other, in turns.
    private readonly AlignedBuffer[] _signals;

    /// <param name="network">The network. Where its output activation is the loss's link, it is trained on its logits.</param>
    /// <param name="loss">What to make small; checked by the caller to fit the output activation.</param>
    /// <param name="maxRows">The largest batch.</param>
    /// <param name="scaling">What standardizes targets, so that outputs stand for predictions; null where they are. For output layers that end with no activation.</param>
    /// <param name="gradients">Where gradients go; null for memory of its own.</param>
    public Backpropagation(Network network, Loss loss, int maxRows, TargetScaling? scaling = null, GradientBlock? gradients = null)
    {
        _network = loss.Link is not null && loss.Link == network.OutputActivation ? network.ToLogits() : network;
        _evaluation = new LossEvaluation(loss, network.OutputShape.Size, maxRows, scaling);
        _workspace = _network.CreateWorkspace(maxRows);
        _lowest = Math.Max(0, Array.FindIndex(_network.LayerSpan.ToArray(), l => l.ParameterCount > 0));
        Gradients = gradients ?? new GradientBlock(network.TrainedLength, network.Members.Length);
        _members = network.Members[0] == network ? null : new MemberBackpropagation(network, loss, maxRows, scaling, Gradients);
        var widest = (long)_network.Layers.Max(l => l.OutputShape.Size) * maxRows;
        _signals = [new AlignedBuffer(widest), new AlignedBuffer(widest)];
    }

    public int MaxRows => _workspace.MaxRows;

    /// <summary>The rows of the latest batch.</summary>
    public int Rows => _workspace.Rows;

    /// <inheritdoc cref="LossEvaluation.CountsCorrect"/>
    public bool CountsCorrect
    {
        set => _evaluation.CountsCorrect = value;
    }

    /// <summary>A member of the ensemble that ends the network, to be measured by itself; of a network without one, the network.</summary>
    public Backpropagation Member(int index) => _members is null ? this : _members.Members[index];

    /// <summary>The gradient of the latest batch's mean loss.</summary>
    public GradientBlock Gradients { get; }

    /// <summary>(rows x outputs): what the network put out for the latest batch; logits where the loss takes logits, standardized predictions where there is a scaling.</summary>
    public ReadOnlySpan<float> Predictions => Output(_network.Layers.Count - 1);

    /// <summary>(rows x output units): what a layer made of the latest batch.</summary>
    public ReadOnlySpan<float> Output(int layer) => _workspace.Output(layer);

    /// <summary>Measures a batch; dropout is off without a <paramref name="step"/>.</summary>
    /// <param name="features">(rows x inputs).</param>
    /// <param name="targets">What they should come to.</param>
    /// <param name="step">Which step of training this is, or null for none.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <returns>The batch's sums; of an ensemble, those of the mean of its members. The gradient of the output is left where the way back begins.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BatchSums Evaluate(InputRows features, in BatchTargets targets, TrainingStep? step, ThreadTeam? team)
    {
        if (_members is not null && step is { } number)
            return EvaluateMembers(features, in targets, number, team);
        _network.Forward(features, _workspace, step, team);
        var outputs = _workspace.MutableOutput(_network.LayerSpan.Length - 1);
        return _evaluation.Run(outputs, in targets, _signals[0].Span);
    }

    /// <summary>Fills <see cref="Gradients"/> with those of the batch that was evaluated last.</summary>
    /// <param name="step">The step of training, as it was evaluated. The features still have to be where they were.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="fusedUpdate">What applies the gradients of large parameters instead of having them filled; null for nothing.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Propagate(TrainingStep step, ThreadTeam? team, IFusedUpdate? fusedUpdate)
    {
        if (_members is not null)
        {
            _members.Propagate(step, team, fusedUpdate);
            return;
        }

        Gradients.Begin();
        var current = 0;
        var layers = _network.LayerSpan;
        for (var index = layers.Length - 1; index >= _lowest; index--)
        {
            var layer = layers[index];
            var input = index == _workspace.FirstLayer ? _workspace.FirstInput : _workspace.OutputRows(index - 1);
            var outputGradient = _signals[current].Span[..(Rows * layer.OutputShape.Size)];
            // Nobody needs the gradient of the features.
            var inputGradient = index == _lowest ? [] : _signals[1 - current].Span[..(Rows * layer.InputShape.Size)];
            layer.Layer.Backward(new BackwardPass(
                layer, input, _workspace.MutableOutput(index), _workspace.Cache(index), outputGradient, inputGradient, Gradients, step, team, fusedUpdate));
            current = 1 - current;
        }
    }

    /// <summary>A loss that is not finite is that of a member, where one has such.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private BatchSums EvaluateMembers(InputRows features, in BatchTargets targets, TrainingStep step, ThreadTeam? team)
    {
        _workspace.Rows = features.Rows;
        var outputs = _workspace.MutableOutput(_network.LayerSpan.Length - 1);
        var losses = _members!.Evaluate(features, in targets, step, team, outputs);
        var sums = _evaluation.Run(outputs, in targets, _signals[0].Span);
        return double.IsFinite(losses) ? sums : sums with { Objective = losses };
    }
}
