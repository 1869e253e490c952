using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The forward pass of one batch through one layer.</summary>
/// <param name="input">(rows x input units); sparse only where the layer says that it takes them.</param>
/// <param name="output">(rows x output units), to be filled.</param>
/// <param name="cache">As <see cref="Layer.Cache"/> says, to be filled for the backward pass; empty at prediction, where none follows.</param>
/// <param name="scratch">As <see cref="Layer.Scratch"/> says; its contents are undefined.</param>
/// <param name="training">The training step, or null at prediction. Running statistics are updated in training only.</param>
/// <param name="team">Who shares the work; null for the caller alone.</param>
/// <param name="saturates">Whether sums are limited to the largest finite numbers instead of becoming infinite.</param>
internal readonly ref struct ForwardPass(in InputRows input, Span<float> output, Span<float> cache, Span<float> scratch, TrainingStep? training, ThreadTeam? team, bool saturates)
{
    // By reference, since a copy would slow down the prediction of a single row.
    private readonly ref readonly InputRows _input = ref input;

    /// <summary>(rows x input units).</summary>
    public ref readonly InputRows Inputs => ref _input;

    public int Rows => _input.Rows;

    public MatrixRows Input => _input.Dense;

    public bool IsSparse => _input.IsSparse;

    public CsrMatrix SparseInput => _input.Sparse;

    public Span<float> Output { get; } = output;

    public Span<float> Cache { get; } = cache;

    public Span<float> Scratch { get; } = scratch;

    public TrainingStep? Training { get; } = training;

    public ThreadTeam? Team { get; } = team;

    public bool Saturates { get; } = saturates;
}
