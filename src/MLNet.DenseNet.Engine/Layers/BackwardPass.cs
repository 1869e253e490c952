using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The backward pass of one batch through one layer after the other.</summary>
/// <param name="scratch">As <see cref="Layer.Scratch"/> says; its contents are undefined.</param>
/// <param name="gradients">Takes the gradient of each trained parameter once: by <see cref="Gradients.Fill"/>, or by a note of how it is cut for threads.</param>
/// <param name="training">The training step, as in the forward pass.</param>
/// <param name="team">Who shares the work; null for the caller alone.</param>
/// <param name="fusedUpdate">Applies the gradients of large parameters as they are computed, once the pass no longer needs the parameters; null where all gradients are to be filled in.</param>
internal ref struct BackwardPass(Span<float> scratch, Gradients gradients, TrainingStep training, ThreadTeam? team, IFusedUpdate? fusedUpdate)
{
    private ref readonly InputRows _input;

    /// <summary>(rows x input units), as in the forward pass.</summary>
    public readonly ref readonly InputRows Inputs => ref _input;

    public readonly int Rows => _input.Rows;

    public readonly ref readonly MatrixRows Input => ref _input.Dense;

    /// <summary>(rows x output units), as the forward pass left it.</summary>
    public ReadOnlySpan<float> Output { get; private set; }

    /// <summary>What the forward pass kept.</summary>
    public ReadOnlySpan<float> Cache { get; private set; }

    public Span<float> Scratch { get; } = scratch;

    /// <summary>(rows x output units): the gradient of the loss; may be overwritten.</summary>
    public Span<float> OutputGradient { get; private set; }

    /// <summary>(rows x input units), to be filled; empty where nobody needs it.</summary>
    public Span<float> InputGradient { get; private set; }

    /// <summary>Which columns of the input gradient nobody reads, as <see cref="LayerPasses.UnreadGradient"/> says: they need not be filled.</summary>
    public ReadOnlySpan<bool> UnreadGradient { get; private set; }

    public Gradients Gradients { get; } = gradients;

    public TrainingStep Training { get; } = training;

    public ThreadTeam? Team { get; } = team;

    public IFusedUpdate? FusedUpdate { get; } = fusedUpdate;

    /// <summary>Turns to a layer.</summary>
    public void TurnTo([UnscopedRef] ref readonly InputRows input, ReadOnlySpan<float> output, ReadOnlySpan<float> cache, Span<float> outputGradient, Span<float> inputGradient, ReadOnlySpan<bool> unreadGradient = default)
    {
        _input = ref input;
        Output = output;
        Cache = cache;
        OutputGradient = outputGradient;
        InputGradient = inputGradient;
        UnreadGradient = unreadGradient;
    }
}
