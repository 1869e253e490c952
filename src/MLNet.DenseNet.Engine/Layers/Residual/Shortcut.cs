using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The way of a residual layer around its layers: x itself, or x P where a projection brings it to another shape.</summary>
internal sealed unsafe class Shortcut
{
    // The cost of an element in multiply-adds of a product, by which the number of threads is chosen.
    private const long MultiplyAddsPerElement = 8;

    // The floats of a nint.
    private const int FloatsOfStart = 2;

    private readonly Projection? _projection;
    private readonly WeightedSums? _sums;
    private readonly int _outputs;

    // Where the position of the input that belongs to each position of the output begins in a row.
    private readonly int[] _starts;

    /// <param name="projection">The projection; null for none.</param>
    /// <param name="weights">(channels x output channels): its weights; null without one.</param>
    /// <param name="outputs">The size of a row of the output.</param>
    public Shortcut(Projection? projection, Parameter? weights, int outputs)
    {
        _projection = projection;
        _outputs = outputs;
        _sums = weights is null ? null : new WeightedSums(weights, bias: null);
        _starts = projection?.Starts() ?? [];
        Scratch = ScratchFor(projection, outputs);
    }

    /// <summary>As <see cref="ScratchFor"/> says.</summary>
    public LayerMemory Scratch { get; }

    /// <summary>Scratch memory: first of the size of the output, or of the gradient that comes by this way; then where the positions that are projected begin.</summary>
    public static LayerMemory ScratchFor(Projection? projection, int outputs)
    {
        if (projection is not { } p)
            return new LayerMemory(outputs);
        var own = LayerMemory.Of(Math.Max(outputs, (long)p.Positions * p.Channels));
        // With room to begin at a multiple of a nint.
        return p.IsWholeRow ? own : own + LayerMemory.Of((long)FloatsOfStart * p.Positions, FloatsOfStart);
    }

    /// <summary>y = f + x, or y = f + x P.</summary>
    /// <param name="f">(rows x outputs): what the layers made of x; may be <paramref name="y"/> where nothing is projected.</param>
    /// <param name="x">(rows x inputs).</param>
    /// <param name="y">(rows x outputs), to be filled.</param>
    /// <param name="scratch">As <see cref="Scratch"/> says. Its first part may be <paramref name="f"/>.</param>
    /// <param name="saturates">As in <see cref="ForwardPass"/>.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Forward(ReadOnlySpan<float> f, MatrixRows x, Span<float> y, Span<float> scratch, bool saturates, ThreadTeam? team)
    {
        Lengths.Check(f.Length, (long)x.Rows * _outputs);
        Lengths.Check(y.Length, (long)x.Rows * _outputs);
        Lengths.Check(scratch.Length, Scratch.For(x.Rows));
        fixed (float* made = f, sum = y)
        {
            if (_projection is not { } projection)
            {
                MatrixSum.Run(made, x, sum, saturates, team);
                return;
            }

            InputRows projected = Projected(in projection, x, scratch);
            _sums!.Forward(in projected, y, new AddingOutputs(made, sum, projection.OutputChannels, saturates), team);
        }
    }

    /// <summary>dP = xᵀ dy, and the gradient that comes by this way: dy, or dy Pᵀ. To be called before <paramref name="pass"/>'s output gradient is overwritten.</summary>
    /// <returns>That gradient, a part of the scratch memory; empty where nobody needs it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Span<float> Backward(in BackwardPass pass)
    {
        var scratch = pass.Scratch[..(int)Scratch.For(pass.Rows)];
        var gradient = pass.InputGradient.IsEmpty ? [] : scratch[..(pass.Rows * (_projection is { } p ? p.Positions * p.Channels : _outputs))];
        if (_projection is { } projection)
        {
            InputRows projected = Projected(in projection, pass.Input, scratch);
            // A fused update pays where rows are as few as those of a batch.
            var fusedUpdate = projection.Positions == 1 ? pass.FusedUpdate : null;
            _sums!.Backward(in projected, pass.OutputGradient, gradient, pass.Gradients, fusedUpdate, default(NoWork), pass.Team);
        }
        else if (!gradient.IsEmpty)
        {
            Copy(pass.OutputGradient, gradient, pass.Team);
        }

        return gradient;
    }

    /// <summary>dx += the gradient that came by this way.</summary>
    /// <param name="gradient">What <see cref="Backward"/> returned.</param>
    /// <param name="dx">(rows x inputs): the gradient that came through the layers.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddGradient(Span<float> gradient, Span<float> dx, int rows, ThreadTeam? team)
    {
        fixed (float* from = gradient, to = dx)
        fixed (int* starts = _starts)
        {
            if (_projection is { IsStrided: true } projection)
            {
                Lengths.Check(gradient.Length, rows * projection.Positions * projection.Channels);
                var shares = RangeShares.For(team, gradient.Length * MultiplyAddsPerElement, rows);
                shares.Run(new AddingAtPositions(from, to, starts, projection.Positions, projection.Channels, dx.Length / rows), team);
                return;
            }

            Lengths.Check(gradient.Length, dx.Length);
            MatrixSum.Run(to, new MatrixRows(from, rows, dx.Length / rows), to, saturates: false, team);
        }
    }

    /// <summary>The positions of x that are projected: (rows * positions x channels).</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="x">(rows x inputs).</param>
    /// <param name="scratch">As <see cref="Scratch"/> says; all but its first part is used.</param>
    private MatrixRows Projected(in Projection projection, MatrixRows x, Span<float> scratch)
    {
        if (projection.IsWholeRow)
            return x;
        var positions = x.Rows * projection.Positions;
        if (!projection.IsStrided && x.IsContiguous)
            return new MatrixRows(x.Elements, positions, projection.Channels);
        fixed (float* free = scratch[^(FloatsOfStart * (positions + 1))..])
        {
            // Scratch memory does not move.
            var starts = (nint*)(((nuint)free + sizeof(float)) & ~(nuint)(sizeof(long) - 1));
            var next = starts;
            for (var row = 0; row < x.Rows; row++)
            {
                var first = (nint)(x.Start(row) - x.Elements);
                foreach (var start in _starts)
                    *next++ = first + start;
            }

            return new MatrixRows(x.Elements, starts, positions, projection.Channels);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(ReadOnlySpan<float> source, Span<float> destination, ThreadTeam? team)
    {
        Lengths.Check(source.Length, destination.Length);
        fixed (float* from = source, to = destination)
        {
            var shares = RangeShares.For(team, source.Length * MultiplyAddsPerElement, source.Length, AlignedBuffer.Alignment);
            shares.Run(new Copying(from, to), team);
        }
    }

    private readonly struct Copying(float* source, float* destination) : IRangeWork
    {
        public void Do(int first, int end)
        {
            new ReadOnlySpan<float>(source + first, end - first).CopyTo(new Span<float>(destination + first, end - first));
        }
    }

    /// <summary>Adds gradients to those of the positions that were projected.</summary>
    private readonly struct AddingAtPositions(float* gradient, float* inputGradient, int* starts, int positions, int channels, int inputs) : IRangeWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int row, int end)
        {
            var from = gradient + (nint)row * positions * channels;
            for (; row < end; row++)
            {
                for (var position = 0; position < positions; position++, from += channels)
                {
                    var to = inputGradient + (nint)row * inputs + starts[position];
                    MatrixSum.Run(from, to, to, channels, MatrixPart.Whole(1, channels), saturates: false);
                }
            }
        }
    }
}
