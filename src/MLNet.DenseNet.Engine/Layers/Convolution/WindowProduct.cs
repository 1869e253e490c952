using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>The products of what windows see and weights, group by group: outputs of a group depend on its inputs alone. Where each group has one input and one output, channels go side by side.</summary>
/// <param name="windows">What the windows see of the first input of a group.</param>
/// <param name="groups">How many groups there are.</param>
/// <param name="inputs">Inputs of a group.</param>
/// <param name="outputs">Outputs of a group.</param>
internal readonly unsafe struct WindowProduct(ImplicitMatrix windows, int groups, int inputs, int outputs)
{
    private readonly bool _isDepthwise = groups > 1 && inputs == 1 && outputs == 1;

    /// <summary>sums = start + windows · weights.</summary>
    /// <param name="bordered">Bordered images.</param>
    /// <param name="images">How many.</param>
    /// <param name="weights">(taps and inputs x outputs) of the first group, in panels; where channels go side by side, (taps x channels).</param>
    /// <param name="next">From the weights of a group to those of the next.</param>
    /// <param name="start">(outputs of all groups), or null for zeros.</param>
    /// <param name="sums">(positions x outputs of all groups), to be filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(float* bordered, int images, float* weights, nint next, float* start, float* sums)
    {
        if (_isDepthwise)
        {
            DepthwiseProduct.Multiply(windows.Of(bordered, images), weights, start, sums, groups);
            return;
        }

        var rows = images * windows.Positions;
        for (var group = 0; group < groups; group++)
        {
            var first = group * outputs;
            new MacroKernel(
                windows.Of(bordered + group * inputs, images), isATransposed: false, new(weights + group * next, windows.Columns, outputs, isInPanels: true), isBTransposed: false,
                start == null ? null : start + first, new(sums + first, rows, groups * outputs, isInPanels: false))
                .Run(MatrixPart.Whole(rows, outputs), BlockSizes.ForWindows(rows, windows.Columns, outputs));
        }
    }

    /// <summary>gradient = windowsᵀ · values, the gradient of the weights; bias = the sums of the values' columns.</summary>
    /// <param name="bordered">Bordered images.</param>
    /// <param name="images">How many.</param>
    /// <param name="values">(positions x outputs of all groups).</param>
    /// <param name="gradient">(taps and inputs x outputs) for each group, in panels; where channels go side by side, (taps x channels).</param>
    /// <param name="bias">(outputs of all groups). It goes with the first rows of a part.</param>
    /// <param name="part">Which part of the gradient of each group.</param>
    /// <param name="adds">Whether sums start from what gradient and bias hold; otherwise from zeros.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void MultiplyTransposed(float* bordered, int images, float* values, float* gradient, float* bias, in MatrixPart part, bool adds)
    {
        var rows = images * windows.Positions;
        if (_isDepthwise)
        {
            DepthwiseProduct.MultiplyTransposed(windows.Of(bordered, images), values, gradient, groups, adds);
            InterleavedColumnSums.Run(values, bias, groups, MatrixPart.Whole(rows, groups), adds);
            return;
        }

        for (var group = 0; group < groups; group++)
        {
            var first = group * outputs;
            new MacroKernel(
                windows.Of(bordered + group * inputs, images), isATransposed: true, new(values + first, rows, groups * outputs, isInPanels: false), isBTransposed: false,
                null, new(gradient + (nint)first * windows.Columns, windows.Columns, outputs, isInPanels: true), adds: adds)
                .Run(in part, BlockSizes.ForWindows(windows.Columns, rows, outputs));
            if (part.FirstRow == 0)
                InterleavedColumnSums.Run(values, bias, groups * outputs, new MatrixPart(0, rows, first + part.FirstColumn, first + part.EndColumn), adds);
        }
    }
}
