using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The forward pass of a batch, its loss, and the backward pass, which computes the gradient of every parameter. All memory is allocated at construction.</summary>
internal sealed class Backpropagation
{
    private readonly Network _network;
    private readonly LossEvaluation _evaluation;
    private readonly Workspace _workspace;

    // The first layer that is trained, where the backward pass ends.
    private readonly int _firstTrained;

    // A layer's output gradient in one, its input gradient in the other, in turns.
    private readonly AlignedBuffer[] _outputGradients;

    /// <param name="network">The network. Where its output activation is the loss's link, it is trained on its logits.</param>
    /// <param name="loss">The loss; the caller has checked that it fits the output activation.</param>
    /// <param name="maxRows">The largest batch.</param>
    /// <param name="scaling">Standardizes targets, so that outputs are standardized predictions; null where targets are learned as they are. Only for output layers without an activation.</param>
    public Backpropagation(Network network, Loss loss, int maxRows, TargetScaling? scaling = null)
    {
        _network = network.WithoutLink(loss.Link);
        _evaluation = new LossEvaluation(loss, network.OutputShape.Size, maxRows, scaling);
        _workspace = _network.CreateWorkspace(maxRows);
        _firstTrained = Math.Max(0, _network.Layers.ToList().FindIndex(layer => layer.ParameterCount > 0));
        Gradients = new Gradients(network.TrainedLength);
        var widest = (long)_network.Layers.Max(l => l.OutputShape.Size) * maxRows;
        _outputGradients = [new AlignedBuffer(widest), new AlignedBuffer(widest)];
    }

    public int MaxRows => _workspace.MaxRows;

    /// <summary>The rows of the latest batch.</summary>
    public int Rows => _workspace.Rows;

    /// <summary>The gradient of the latest batch's mean loss.</summary>
    public Gradients Gradients { get; }

    /// <summary>(rows x outputs): the network's outputs for the latest batch; logits where the loss takes logits, standardized predictions where there is a scaling.</summary>
    public ReadOnlySpan<float> Predictions => Output(_network.LastLayer);

    /// <summary>(rows x output units): a layer's output for the latest batch.</summary>
    public ReadOnlySpan<float> Output(int layer) => _workspace.Output(layer);

    /// <summary>Runs a batch through the network and measures it; dropout is off without a <paramref name="step"/>.</summary>
    /// <param name="features">(rows x inputs of the first layer to run).</param>
    /// <param name="targets">The targets of these rows, and their weights.</param>
    /// <param name="step">Which step of training this is, or null for none.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="countsCorrect">Whether the rows classified right are counted; of no use where targets are neither classes nor labels.</param>
    /// <param name="entry">The first layer to run: 0, or the first one after those that others have run.</param>
    /// <returns>The batch's sums. The gradient of the outputs is kept for <see cref="Backward"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public BatchSums Forward(in InputRows features, in BatchTargets targets, TrainingStep? step, ThreadTeam? team, bool countsCorrect, int entry = 0)
    {
        _network.Forward(in features, _workspace, step, team, entry);
        return _evaluation.Run(_workspace.MutableOutput(_network.LastLayer), in targets, _outputGradients[0].Span, countsCorrect, team);
    }

    /// <summary>Fills <see cref="Gradients"/> with those of the latest batch.</summary>
    /// <param name="step">The step of training, as in the forward pass. The features still have to be where they were.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="fusedUpdate">Applies the gradients of large parameters as they are computed, instead of having them filled in; null for none.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(TrainingStep step, ThreadTeam? team, IFusedUpdate? fusedUpdate)
    {
        Gradients.Begin();
        scoped var pass = new BackwardPass(_workspace.Scratch, Gradients, step, team, fusedUpdate);
        InputRows between = default;
        var current = 0;
        var layers = _network.LayerSpan;
        var passes = _network.Passes;
        for (var index = passes.Length - 1; index >= _firstTrained; index--)
        {
            var layer = layers[index];
            var isEntry = index == _workspace.Entry;
            if (!isEntry)
                between.Become(_workspace.OutputRows(index - 1));
            var outputGradient = _outputGradients[current].Span[..(Rows * layer.OutputShape.Size)];
            // No layer before the first trained one needs a gradient.
            var inputGradient = index == _firstTrained ? [] : _outputGradients[1 - current].Span[..(Rows * layer.InputShape.Size)];
            var unread = index == _firstTrained + 1 ? passes[_firstTrained].UnreadGradient : [];
            pass.TurnTo(in isEntry ? ref _workspace.EntryRows : ref between, _workspace.MutableOutput(index), _workspace.Cache(index), outputGradient, inputGradient, unread);
            passes[index].Backward(in pass);
            current = 1 - current;
        }
    }
}
