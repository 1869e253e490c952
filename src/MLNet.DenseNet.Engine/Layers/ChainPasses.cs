using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The passes of layers one after the other, in the memory that <see cref="LayerChain"/> asks for.</summary>
internal sealed unsafe class ChainPasses
{
    private readonly LayerPasses[] _passes;

    // Outputs of each layer.
    private readonly int[] _units;

    // Of all outputs but the last.
    private readonly int _widest;

    // Where the output and the cache of each layer begin in the cache of all.
    private readonly LayerMemory[] _outputs;
    private readonly LayerMemory[] _caches;
    private readonly LayerMemory[] _cacheSizes;

    // The number of layers where none is trained.
    private readonly int _firstTrained;

    /// <param name="places">The layers in their places.</param>
    public ChainPasses(IReadOnlyList<NetworkLayer> places) : this(places, [.. places.Select(place => place.Layer.Bind(place)!)])
    {
    }

    /// <param name="places">The layers in their places.</param>
    /// <param name="passes">Their passes there.</param>
    public ChainPasses(IReadOnlyList<NetworkLayer> places, LayerPasses[] passes)
    {
        _passes = passes;
        _units = [.. places.Select(place => place.OutputShape.Size)];
        _widest = _units.SkipLast(1).DefaultIfEmpty().Max();
        _cacheSizes = [.. places.Select(place => place.Layer.Cache(place.InputShape))];
        _firstTrained = places.TakeWhile(place => place.ParameterCount == 0).Count();
        (_outputs, _caches) = (new LayerMemory[places.Count], new LayerMemory[places.Count]);
        LayerMemory next = default;
        for (var i = 0; i < _outputs.Length; i++)
            (_outputs[i], next) = (next, next + new LayerMemory(_units[i]));
        for (var i = 0; i < _caches.Length; i++)
            (_caches[i], next) = (next, next + _cacheSizes[i]);
    }

    /// <summary>Whether the first layer computes on sparse rows as they are.</summary>
    public bool TakesSparse => _passes[0].TakesSparse;

    private int Last => _passes.Length - 1;

    /// <summary>The forward pass of a training step.</summary>
    /// <param name="inputs">(rows x inputs).</param>
    /// <param name="cache">As <see cref="LayerChain.Cache"/> says, to be filled for <see cref="Backward"/>.</param>
    /// <param name="scratch">As <see cref="LayerChain.Scratch"/> says.</param>
    /// <param name="training">The step.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <returns>(rows x outputs): the outputs of the last layer, a part of <paramref name="cache"/>. <see cref="Backward"/> needs them as they are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Span<float> Train(scoped in InputRows inputs, Span<float> cache, Span<float> scratch, TrainingStep training, ThreadTeam? team)
    {
        var rows = inputs.Rows;
        var layerScratch = scratch[(2 * rows * _widest)..];
        fixed (float* memory = cache)
        {
            scoped var pass = new ForwardPass(layerScratch, training, team, saturates: false);
            InputRows between = default;
            for (var i = 0; i < _passes.Length; i++)
            {
                pass.TurnTo(in i == 0 ? ref inputs : ref between, Output(cache, i, rows), CacheOf(cache, i, rows));
                _passes[i].Forward(in pass);
                between.Become(new MatrixRows(memory + _outputs[i].For(rows), rows, _units[i]));
            }
        }

        return Output(cache, Last, rows);
    }

    /// <summary>The forward pass at prediction, which keeps nothing.</summary>
    /// <param name="inputs">(rows x inputs).</param>
    /// <param name="outputs">(rows x outputs), to be filled.</param>
    /// <param name="scratch">As <see cref="LayerChain.Scratch"/> says.</param>
    /// <param name="team">Who shares the work; null for the caller alone.</param>
    /// <param name="saturates">As in <see cref="ForwardPass"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Predict(scoped in InputRows inputs, Span<float> outputs, Span<float> scratch, ThreadTeam? team, bool saturates)
    {
        var rows = inputs.Rows;
        var layerScratch = scratch[(2 * rows * _widest)..];
        fixed (float* memory = scratch)
        {
            scoped var pass = new ForwardPass(layerScratch, training: null, team, saturates);
            InputRows between = default;
            for (var i = 0; i < _passes.Length; i++)
            {
                pass.TurnTo(in i == 0 ? ref inputs : ref between, i == Last ? outputs : InTurns(scratch, i, rows), cache: []);
                _passes[i].Forward(in pass);
                between.Become(new MatrixRows(memory + (i & 1) * (nint)rows * _widest, rows, _units[i]));
            }
        }
    }

    /// <summary>The backward pass.</summary>
    /// <param name="pass">Its cache and scratch memory are those of the chain, its output gradient that of the last layer, which may be overwritten; its output is not looked at.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Backward(in BackwardPass pass)
    {
        var rows = pass.Rows;
        var cache = pass.Cache;
        var scratch = pass.Scratch;
        var layerScratch = scratch[(2 * rows * _widest)..];
        // Where nobody needs the gradient of the input, no layer before the first trained one needs one.
        var first = pass.InputGradient.IsEmpty ? _firstTrained : 0;
        fixed (float* memory = cache)
        {
            scoped var ofLayer = new BackwardPass(layerScratch, pass.Gradients, pass.Training, pass.Team, pass.FusedUpdate);
            InputRows between = default;
            for (var i = Last; i >= first; i--)
            {
                if (i > 0)
                    between.Become(new MatrixRows(memory + _outputs[i - 1].For(rows), rows, _units[i - 1]));
                var outputGradient = i == Last ? pass.OutputGradient : InTurns(scratch, i, rows);
                var inputGradient = i > first ? InTurns(scratch, i - 1, rows) : pass.InputGradient;
                ofLayer.TurnTo(in i == 0 ? ref pass.Inputs : ref between, Output(cache, i, rows), CacheOf(cache, i, rows), outputGradient, inputGradient);
                _passes[i].Backward(in ofLayer);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<float> InTurns(Span<float> scratch, int layer, int rows) => scratch.Slice((layer & 1) * rows * _widest, rows * _units[layer]);

    private Span<float> Output(Span<float> cache, int layer, int rows) => cache.Slice((int)_outputs[layer].For(rows), rows * _units[layer]);

    private ReadOnlySpan<float> Output(ReadOnlySpan<float> cache, int layer, int rows) => cache.Slice((int)_outputs[layer].For(rows), rows * _units[layer]);

    private Span<float> CacheOf(Span<float> cache, int layer, int rows) => cache.Slice((int)_caches[layer].For(rows), (int)_cacheSizes[layer].For(rows));

    private ReadOnlySpan<float> CacheOf(ReadOnlySpan<float> cache, int layer, int rows) => cache.Slice((int)_caches[layer].For(rows), (int)_cacheSizes[layer].For(rows));
}
