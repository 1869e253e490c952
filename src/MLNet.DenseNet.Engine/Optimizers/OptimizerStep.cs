using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>Some parameters at one step: all of an array, or some rows of it.</summary>
/// <param name="number">The step's number in the run, from 1.</param>
/// <param name="learningRate">The rate of this step.</param>
/// <param name="weightDecay">How much parameters are drawn to 0, as part of the gradient (weightDecay * parameter) where the optimizer does not say otherwise; 0 for not at all.</param>
/// <param name="parameters">The values, to be changed.</param>
/// <param name="gradient">The gradient of the loss, as long as the values; where only some rows are stepped, of these rows, one after the other.</param>
/// <param name="state">The first remembered array, as long as the values; empty where the optimizer has none.</param>
/// <param name="secondState">The second, likewise.</param>
/// <param name="rows">Which rows are stepped; none for all values.</param>
internal readonly ref struct OptimizerStep(
    long number, float learningRate, float weightDecay, Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> state, Span<float> secondState, TouchedRows rows = default)
{
    public long Number { get; } = number;

    public float LearningRate { get; } = learningRate;

    public float WeightDecay { get; } = weightDecay;

    public Span<float> Parameters { get; } = parameters;

    public ReadOnlySpan<float> Gradient { get; } = gradient;

    public Span<float> State { get; } = state;

    public Span<float> SecondState { get; } = secondState;

    public TouchedRows Rows { get; } = rows;

    /// <summary>Calls the kernel for every parameter that is stepped, with its gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Run<TKernel>(in TKernel kernel) where TKernel : struct, IValueKernel
    {
        fixed (float* gradient = Gradient, parameters = Parameters, state = State, secondState = SecondState)
        {
            if (Rows.IsNone)
                Elementwise.Run(in kernel, gradient, Parameters.Length);
            else
                Rows.Run(in kernel, gradient, parameters, state, secondState);
        }
    }
}
