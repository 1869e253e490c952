using System.Diagnostics.CodeAnalysis;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The forward pass of one batch through one layer after the other. There is one for all, since making one for each layer would slow down the prediction of a single row.</summary>
/// <param name="scratch">As <see cref="Layer.Scratch"/> says; its contents are undefined.</param>
/// <param name="training">The training step, or null at prediction. Running statistics are updated in training only.</param>
/// <param name="team">Who shares the work; null for the caller alone.</param>
/// <param name="saturates">Whether sums are limited to the largest finite numbers instead of becoming infinite.</param>
internal ref struct ForwardPass(Span<float> scratch, TrainingStep? training, ThreadTeam? team, bool saturates)
{
    private ref readonly InputRows _input;

    /// <summary>(rows x input units); sparse only where the layer says that it takes them.</summary>
    public readonly ref readonly InputRows Inputs => ref _input;

    public readonly int Rows => _input.Rows;

    public readonly ref readonly MatrixRows Input => ref _input.Dense;

    /// <summary>(rows x output units), to be filled.</summary>
    public Span<float> Output { get; private set; }

    /// <summary>As <see cref="Layer.Cache"/> says, to be filled for the backward pass; empty at prediction, where none follows.</summary>
    public Span<float> Cache { get; private set; }

    public Span<float> Scratch { get; } = scratch;

    public TrainingStep? Training { get; } = training;

    public ThreadTeam? Team { get; } = team;

    public bool Saturates { get; } = saturates;

    /// <summary>Turns to a layer.</summary>
    public void TurnTo([UnscopedRef] ref readonly InputRows input, Span<float> output, Span<float> cache)
    {
        _input = ref input;
        Output = output;
        Cache = cache;
    }
}
