using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One step of an optimizer over all parameters of a network. Each thread changes those that it computes with.</summary>
/// <param name="network">The network.</param>
/// <param name="options">The optimizer and its rates.</param>
/// <param name="gradients">The gradient, laid out like the network's parameters.</param>
/// <param name="state">What the optimizer remembers, likewise.</param>
/// <param name="number">The step's number in the run, from 1.</param>
/// <param name="rows">The rows of the batch.</param>
/// <param name="crew">Who shares the work; null for the caller alone.</param>
internal readonly struct ParameterUpdate(
    Network network, TrainingOptions options, AlignedBuffer gradients, AlignedBuffer[] state, long number, int rows, Crew? crew) : ICrewWork
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        var work = this;
        var parts = 1;
        foreach (var parameter in network.ParameterSpan)
            parts = Math.Max(parts, Parts(parameter));
        if (parts > 1)
            crew!.Run(ref work, parts);
        else if (options.WeightDecay == 0)
            Step(0, network.BlockLength, weightDecay: 0);
        else
            work.Do(0, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Do(int part, int parts)
    {
        foreach (var parameter in network.ParameterSpan)
        {
            var partsOfParameter = Parts(parameter);
            if (part >= partsOfParameter)
                continue;
            var (first, end) = (Cut(parameter, part, partsOfParameter), Cut(parameter, part + 1, partsOfParameter));
            Step(parameter.Offset + first, end - first, parameter.IsDecayed ? options.WeightDecay : 0);
        }
    }

    /// <summary>On how many threads the products with this parameter are computed.</summary>
    private int Parts(Parameter parameter) => MatrixProduct.Parts(crew, (long)rows * parameter.Shape.Size);

    /// <summary>Where a part begins: at the panels that its thread works on, where the products are cut by them.</summary>
    private static int Cut(Parameter parameter, int part, int parts) =>
        part == parts ? parameter.Shape.Size
        : Crew.CutsColumns(parameter.Columns, parts) ? (int)PanelLayout.Start(parameter.Shape.Size / parameter.Columns, Crew.CutColumns(parameter.Columns, part, parts))
        : Crew.Cut(parameter.Shape.Size, AlignedBuffer.Alignment, part, parts);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(int first, int length, float weightDecay) => options.Optimizer.Step(new OptimizerStep(
        number, options.EffectiveLearningRate, weightDecay,
        network.Block.Span.Slice(first, length), gradients.Span.Slice(first, length), State(0, first, length), State(1, first, length)));

    private Span<float> State(int index, int first, int length) => index < state.Length ? state[index].Span.Slice(first, length) : [];
}
