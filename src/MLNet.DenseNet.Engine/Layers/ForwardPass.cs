using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One batch on its way through one layer.</summary>
/// <param name="layer">The layer with its shapes and parameters.</param>
/// <param name="input">(rows x input units).</param>
/// <param name="output">(rows x output units), to be filled.</param>
/// <param name="cache">(rows x the layer's cache size), to be filled for the backward pass.</param>
/// <param name="training">The training step, or null at prediction.</param>
/// <param name="crew">Who shares the work; null for the caller alone.</param>
internal readonly ref struct ForwardPass(
    NetworkLayer layer, MatrixRows input, Span<float> output, Span<float> cache, TrainingStep? training, Crew? crew)
{
    public NetworkLayer Layer { get; } = layer;

    public int Rows => Input.Rows;

    public MatrixRows Input { get; } = input;

    public Span<float> Output { get; } = output;

    public Span<float> Cache { get; } = cache;

    public TrainingStep? Training { get; } = training;

    public Crew? Crew { get; } = crew;
}
