using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The optimizer's steps on one network, with its state and the number of steps taken.</summary>
internal sealed class ParameterUpdate : IFusedUpdate
{
    // In larger batches a step is a small share of the work, and a product would need much memory to complete its sums panel by panel.
    private const int MostRows = 1024;

    // Of weight decay, so that both kinds hold back about as much.
    private const float ShareOfTotalVariation = 0.2f;

    private readonly Network _network;
    private readonly Optimizer _optimizer;
    private readonly GradientClipping _clipping;
    private readonly AlignedBuffer[] _state;

    // Null where each value is changed by itself.
    private readonly OrthogonalizedSteps? _wholeSteps;

    private float _rate;

    public ParameterUpdate(Network network, TrainingOptions options)
    {
        _network = network;
        _optimizer = options.EffectiveOptimizer;
        WeightDecay = options.EffectiveWeightDecay;
        _clipping = new GradientClipping(options.GradientNormLimit, options.GradientValueLimit, network.TrainedLength);
        _wholeSteps = OrthogonalizedSteps.Of(_optimizer, network);
        _state = [.. Enumerable.Range(0, _optimizer.StateCount).Select(_ => new AlignedBuffer(network.TrainedLength))];
    }

    /// <summary>The steps taken; set where training goes on from a checkpoint.</summary>
    public long Steps { get; set; }

    /// <summary>The weight decay of the next steps.</summary>
    public float WeightDecay { get; set; }

    /// <summary>Whether weight decay makes the total variation of functions small in the next steps, instead of squares (<see cref="FunctionDecay"/>).</summary>
    public bool PenalizesTotalVariation { get; set; }

    /// <summary>The optimizer's state, laid out like the network's trained parameters.</summary>
    public IReadOnlyList<AlignedBuffer> State => _state;

    /// <summary>Begins a step whose gradients are computed next.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="rows">The rows of the batch.</param>
    /// <param name="keepsGradients">Whether all gradients are needed together, whatever the options are.</param>
    /// <returns>This, where it applies the gradients of large parameters as they are computed; null where all gradients are needed together.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public IFusedUpdate? Begin(float rate, int rows, bool keepsGradients = false)
    {
        Steps++;
        _rate = rate;
        _network.Buffer.NoteChange();
        return _wholeSteps is null && !keepsGradients && !_clipping.IsActive && rows <= MostRows ? this : null;
    }

    /// <inheritdoc/>
    unsafe void IFusedUpdate.Apply(float* gradient, int first, int length, bool isDecayed) =>
        Step(new ReadOnlySpan<float>(gradient, length), first, isDecayed ? WeightDecay : 0);

    /// <summary>Ends the step that was begun: updates the parameters whose gradients were not applied yet.</summary>
    /// <param name="gradients">The gradients of the batch; limited in place where the options say so.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void End(Gradients gradients, ThreadTeam? team)
    {
        if (gradients.Computed.Length != _network.TrainedParameters.Length)
            throw new InvalidOperationException($"{_network.TrainedParameters.Length - gradients.Computed.Length} of the gradients were not noted by the layers that computed them.");
        if (_clipping.IsActive)
            _clipping.Apply(gradients.Values, gradients.Filled, team);
        Change(gradients, team);
        // Whoever computed something of half-changed parameters since the step began is told of it.
        _network.Buffer.NoteChange();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Change(Gradients gradients, ThreadTeam? team)
    {
        var (parts, isAll) = (1, gradients.Sparse is null);
        foreach (ref readonly var computed in gradients.Computed)
        {
            if (IsWhole(gradients, computed.Parameter))
            {
                _wholeSteps!.Step(computed.Parameter, computed.Parameter.In(gradients.Values), computed.Parameter.In(_state[0]), Steps, _rate, DecayOf(computed.Parameter), team);
                isAll = false;
            }
            else if (computed.IsApplied)
                isAll = false;
            else
                parts = Math.Max(parts, computed.Shares.Parts);
        }

        if (parts == 1 && isAll && WeightDecay == 0)
        {
            StepAll(gradients);
            return;
        }

        var work = new ComputedShares(this, gradients);
        ThreadTeam.Run(team, ref work, parts);
    }

    /// <summary>A whole step from gradients that were all computed before.</summary>
    /// <param name="gradients">The gradients of all parameters; limited in place where the options say so.</param>
    /// <param name="rate">The learning rate.</param>
    public void Step(Gradients gradients, float rate)
    {
        Begin(rate, rows: 0, keepsGradients: true);
        End(gradients, team: null);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(ReadOnlySpan<float> gradient, int first, float weightDecay) => Step(gradient, first, gradient.Length, weightDecay, rows: default);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(ReadOnlySpan<float> gradient, int first, int length, float weightDecay, TouchedRows rows) => _optimizer.Step(new OptimizerStep(
        Steps, _rate, weightDecay, _network.Buffer.Span.Slice(first, length), gradient, StateOf(0, first, length), StateOf(1, first, length), rows));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepAll(Gradients gradients)
    {
        var whole = gradients.Filled[0];
        Step(gradients.Values.Span.Slice(whole.First, whole.Length), whole.First, weightDecay: 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void StepPart(Gradients gradients, Parameter parameter, MatrixPart part)
    {
        if (parameter != gradients.Sparse && part.EndRow - part.FirstRow == parameter.Rows)
            StepPanels(gradients, parameter, part.FirstColumn, part.EndColumn);
        else
            StepRows(gradients, parameter, part);
    }

    /// <summary>Updates whole panels, which lie one after the other.</summary>
    private void StepPanels(Gradients gradients, Parameter parameter, int firstColumn, int endColumn)
    {
        var first = parameter.Offset + (int)PanelLayout.Start(parameter.Rows, firstColumn);
        var end = parameter.Offset + (endColumn == parameter.Columns ? parameter.Shape.Size : (int)PanelLayout.Start(parameter.Rows, endColumn));
        Step(parameter, gradients.Values.Span[first..end], first);
    }

    /// <summary>Updates some rows of each panel. Of sparse gradients these are touched rows: all others stay as they are, and so does their optimizer's state.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void StepRows(Gradients gradients, Parameter parameter, MatrixPart part)
    {
        var count = part.EndRow - part.FirstRow;
        for (var column = part.FirstColumn; column < part.EndColumn; column += PanelLayout.Width)
        {
            var (panel, width) = (parameter.Offset + (int)PanelLayout.Start(parameter.Rows, column), PanelLayout.Stride(parameter.Columns, column));
            var first = panel + part.FirstRow * width;
            var gradient = gradients.Values.Span.Slice(first, count * width);
            if (parameter == gradients.Sparse)
                Step(gradient, panel, parameter.Rows * width, DecayOf(parameter), new TouchedRows(gradients.TouchedColumns.Columns + part.FirstRow, count, width));
            else
                Step(parameter, gradient, first);
        }
    }

    /// <summary>Whether a parameter is changed as a whole. Of sparse gradients, only some rows are there.</summary>
    private bool IsWhole(Gradients gradients, Parameter parameter) => _wholeSteps is not null && parameter != gradients.Sparse && _wholeSteps.Include(parameter);

    /// <summary>A step of some values of a parameter, with its decay.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void Step(Parameter parameter, ReadOnlySpan<float> gradient, int first)
    {
        if (!PenalizesTotalVariation || !parameter.ArePieces)
        {
            Step(gradient, first, DecayOf(parameter));
            return;
        }

        Step(gradient, first, weightDecay: 0);
        Elementwise.SoftThreshold((float)((double)_rate * WeightDecay * ShareOfTotalVariation), _network.Buffer.Pointer + first, gradient.Length);
    }

    private float DecayOf(Parameter parameter) => parameter.IsDecayed ? WeightDecay : 0;

    private Span<float> StateOf(int index, int first, int length) => index < _state.Length ? _state[index].Span.Slice(first, length) : [];

    /// <summary>Each thread updates the values whose gradients it computed.</summary>
    private readonly struct ComputedShares(ParameterUpdate update, Gradients gradients) : ITeamWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Do(int part, int parts)
        {
            foreach (ref readonly var computed in gradients.Computed)
            {
                if (!computed.IsApplied && part < computed.Shares.Parts && !update.IsWhole(gradients, computed.Parameter))
                    update.StepPart(gradients, computed.Parameter, computed.Shares[part]);
            }
        }
    }
}
