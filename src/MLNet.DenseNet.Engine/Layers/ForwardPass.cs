using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One batch on its way through one layer.</summary>
/// <param name="layer">The layer with its shapes and parameters.</param>
/// <param name="input">(rows x input units); sparse only where the layer says that it takes them.</param>
/// <param name="output">(rows x output units), to be filled.</param>
/// <param name="cache">(rows x the layer's cache size), to be filled for the backward pass, with its scratch memory; of cached values none at prediction, where there is no way back.</param>
/// <param name="training">The training step, or null at prediction.</param>
/// <param name="team">Who shares the work; null for the caller alone.</param>
/// <param name="saturates">Whether sums end at the largest finite numbers, as if float32 had no infinities.</param>
internal readonly ref struct ForwardPass(
    NetworkLayer layer, in InputRows input, Span<float> output, Span<float> cache, TrainingStep? training, ThreadTeam? team, bool saturates)
{
    public NetworkLayer Layer { get; } = layer;

    // By reference: for a single row of a small network a copy would be felt.
    private readonly ref readonly InputRows _input = ref input;

    public int Rows => _input.Rows;

    public MatrixRows Input => _input.Dense;

    public bool IsSparse => _input.IsSparse;

    public CsrMatrix SparseInput => _input.Sparse;

    public Span<float> Output { get; } = output;

    public Span<float> Cache { get; } = cache;

    public TrainingStep? Training { get; } = training;

    public ThreadTeam? Team { get; } = team;

    public bool Saturates { get; } = saturates;
}
