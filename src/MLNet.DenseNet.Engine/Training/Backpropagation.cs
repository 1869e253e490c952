using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// The forward pass of a batch, the loss, and the way back that yields the gradient of every parameter. All memory is allocated at
/// construction.
/// </summary>
internal sealed class Backpropagation
{
    private readonly Network _network;
    private readonly Loss _loss;
    private readonly float _threshold;
    private readonly Workspace _workspace;

    // The gradient on its way back: of a layer's output in one, of its input in the other, in turns.
    private readonly AlignedBuffer[] _signals;

    /// <param name="network">The network. Where its output activation is the loss's link, it is trained on its logits.</param>
    /// <param name="loss">What to make small; checked by the caller to fit the output activation.</param>
    /// <param name="maxRows">The largest batch.</param>
    public Backpropagation(Network network, Loss loss, int maxRows)
    {
        _network = loss.Link is not null && loss.Link == network.OutputActivation ? network.ToLogits() : network;
        _loss = loss;
        _threshold = loss.Link is null ? 0.5f : 0f;
        _workspace = _network.CreateWorkspace(maxRows);
        Gradients = new AlignedBuffer(network.BlockLength);
        var widest = checked(_network.Layers.Max(l => l.OutputShape.Size) * maxRows);
        _signals = [new AlignedBuffer(widest), new AlignedBuffer(widest)];
    }

    public int MaxRows => _workspace.MaxRows;

    /// <summary>The gradient of the latest batch's mean loss, laid out like the network's parameters.</summary>
    public AlignedBuffer Gradients { get; }

    /// <summary>(rows x outputs): what the loss of the latest batch was taken of; logits where the loss takes logits.</summary>
    public ReadOnlySpan<float> Predictions => _workspace.Output(_network.Layers.Count - 1);

    /// <summary>Fills <see cref="Gradients"/>.</summary>
    /// <param name="features">(rows x inputs).</param>
    /// <param name="targets">(rows x outputs).</param>
    /// <param name="weights">(rows), or empty.</param>
    /// <param name="step">Which step of training this is.</param>
    /// <param name="crew">Who shares the work; null for the caller alone.</param>
    /// <param name="featureCopies">A copy of the features for each of the crew's threads; empty where there is only the one.</param>
    /// <returns>The batch's sums before the step.</returns>
    public BatchSums Run(
        ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, TrainingStep step, Crew? crew, MatrixCopies featureCopies = default)
    {
        var sums = Evaluate(features, targets, weights, step, crew, featureCopies);
        var current = 0;
        for (var index = _network.Layers.Count - 1; index >= 0; index--)
        {
            var layer = _network.Layers[index];
            var input = index == 0 ? features : _workspace.Output(index - 1);
            var outputGradient = _signals[current].Span[..(_workspace.Rows * layer.OutputShape.Size)];
            // Nobody needs the gradient of the features.
            var inputGradient = index == 0 ? [] : _signals[1 - current].Span[..(_workspace.Rows * layer.InputShape.Size)];
            layer.Layer.Backward(new BackwardPass(
                layer, _workspace.Rows, input, _workspace.Output(index), _workspace.Cache(index), outputGradient, inputGradient, Gradients, step, crew,
                index == 0 ? featureCopies : default));
            current = 1 - current;
        }

        return sums;
    }

    /// <summary>Measures a batch; dropout is off without a <paramref name="step"/>.</summary>
    /// <param name="features">(rows x inputs).</param>
    /// <param name="targets">(rows x outputs).</param>
    /// <param name="weights">(rows), or empty.</param>
    /// <param name="step">Which step of training this is, or null for none.</param>
    /// <param name="crew">Who shares the work; null for the caller alone.</param>
    /// <param name="featureCopies">A copy of the features for each of the crew's threads; empty where there is only the one.</param>
    /// <returns>The batch's sums. The gradient of the output is left where the way back begins.</returns>
    public BatchSums Evaluate(
        ReadOnlySpan<float> features, ReadOnlySpan<float> targets, ReadOnlySpan<float> weights, TrainingStep? step, Crew? crew, MatrixCopies featureCopies = default)
    {
        var predictions = _network.Forward(features, _workspace, step, crew, featureCopies);
        var outputs = _network.OutputShape.Size;
        double totalWeight = _workspace.Rows;
        if (!weights.IsEmpty)
        {
            totalWeight = 0;
            foreach (var weight in weights)
                totalWeight += weight;
        }

        // A batch in which no row weighs anything has no gradient.
        var share = totalWeight > 0 ? 1 / totalWeight : 0;
        double loss = 0, correct = 0;
        for (var row = 0; row < _workspace.Rows; row++)
        {
            var prediction = predictions.Slice(row * outputs, outputs);
            var target = targets.Slice(row * outputs, outputs);
            var gradient = _signals[0].Span.Slice(row * outputs, outputs);
            var weight = weights.IsEmpty ? 1 : weights[row];
            if (weight == 0)
            {
                // A loss that overflows must not count where its row does not.
                gradient.Clear();
                continue;
            }

            loss += weight * _loss.Evaluate(prediction, target, (float)(weight * share), gradient);
            correct += IsCorrect(prediction, target) ? weight : 0;
        }

        return new BatchSums(loss, correct, totalWeight);
    }

    private bool IsCorrect(ReadOnlySpan<float> prediction, ReadOnlySpan<float> target) =>
        prediction.Length == 1
            ? prediction[0] > _threshold == target[0] > 0.5f
            : target[SoftmaxFunction.IndexOfLargest(prediction)] == 1;
}
