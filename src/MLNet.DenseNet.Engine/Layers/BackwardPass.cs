using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The backward pass of one batch through one layer.</summary>
/// <param name="input">(rows x input units), as in the forward pass.</param>
/// <param name="output">(rows x output units), as the forward pass left it.</param>
/// <param name="cache">What the forward pass kept.</param>
/// <param name="scratch">As <see cref="Layer.Scratch"/> says; its contents are undefined.</param>
/// <param name="outputGradient">(rows x output units): the gradient of the loss; may be overwritten.</param>
/// <param name="inputGradient">(rows x input units), to be filled; empty where nobody needs it.</param>
/// <param name="gradients">Takes the gradient of each trained parameter once: by <see cref="Gradients.Fill"/>, or by a note of how it is cut for threads.</param>
/// <param name="training">The training step, as in the forward pass.</param>
/// <param name="team">Who shares the work; null for the caller alone.</param>
/// <param name="fusedUpdate">Applies the gradients of large parameters as they are computed, once the pass no longer needs the parameters; null where all gradients are to be filled in.</param>
internal readonly ref struct BackwardPass(
    in InputRows input, ReadOnlySpan<float> output, ReadOnlySpan<float> cache, Span<float> scratch,
    Span<float> outputGradient, Span<float> inputGradient, Gradients gradients, TrainingStep training, ThreadTeam? team, IFusedUpdate? fusedUpdate)
{
    private readonly ref readonly InputRows _input = ref input;

    /// <summary>(rows x input units).</summary>
    public ref readonly InputRows Inputs => ref _input;

    public int Rows => _input.Rows;

    public MatrixRows Input => _input.Dense;

    public bool IsSparse => _input.IsSparse;

    public CsrMatrix SparseInput => _input.Sparse;

    public ReadOnlySpan<float> Output { get; } = output;

    public ReadOnlySpan<float> Cache { get; } = cache;

    public Span<float> Scratch { get; } = scratch;

    public Span<float> OutputGradient { get; } = outputGradient;

    public Span<float> InputGradient { get; } = inputGradient;

    public Gradients Gradients { get; } = gradients;

    public TrainingStep Training { get; } = training;

    public ThreadTeam? Team { get; } = team;

    public IFusedUpdate? FusedUpdate { get; } = fusedUpdate;
}
