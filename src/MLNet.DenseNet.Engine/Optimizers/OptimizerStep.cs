using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>One update of parameters: of an array, or of some of its rows.</summary>
/// <param name="number">The step's number in the training, from 1.</param>
/// <param name="learningRate">The rate of this step.</param>
/// <param name="weightDecay">How much parameters are drawn to 0; 0 for not at all. An optimizer adds weightDecay * parameter to the gradient unless it says otherwise.</param>
/// <param name="parameters">The values, to be changed.</param>
/// <param name="gradient">The gradient of the loss: of all values, or of the selected rows, one after the other.</param>
/// <param name="state">The optimizer's first array of state, a number for each value; empty where it has none.</param>
/// <param name="secondState">The second array; empty where there is none.</param>
/// <param name="rows">The rows to change; the default changes all values.</param>
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

    /// <summary>Calls the kernel with the gradient of every value that is to change.</summary>
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
