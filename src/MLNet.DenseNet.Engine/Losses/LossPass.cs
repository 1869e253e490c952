using System.Runtime.CompilerServices;
using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// What a loss reads and fills for one batch. Matrices are (outputs x stride): the rows of the batch lie side by side, so that a vector holds one output of
/// several rows. What is computed beyond the batch's last row does not matter.
/// </summary>
/// <param name="outputs">Outputs a row.</param>
/// <param name="rows">Rows of the batch.</param>
/// <param name="stride">Elements from output to output: the rows, or more, to fill the widest vectors.</param>
/// <param name="predictions">(outputs x stride): logits where the loss has a link.</param>
/// <param name="targets">(outputs x stride).</param>
/// <param name="scales">(stride): each row's share in the batch, which its gradient is multiplied by.</param>
/// <param name="gradient">(outputs x stride), to be filled with scale times the derivative of the row's loss.</param>
/// <param name="losses">(stride), to be filled with each row's loss, not scaled.</param>
internal readonly unsafe struct LossPass(
    int outputs, int rows, int stride, float* predictions, float* targets, float* scales, float* gradient, float* losses)
{
    /// <summary>(outputs): what standardized targets were divided by; null where targets are not standardized. A loss that <see cref="Loss.TakesOwnUnits"/> gets targets and predictions in the targets' own units, and divides its gradient by this.</summary>
    public double* TargetScales { get; init; }

    /// <summary>(outputs x stride): the loss of each output, filled by losses that are a mean over outputs; null where it is not needed.</summary>
    public float* OutputLosses { get; init; }

    /// <summary>(rows): filled instead of <see cref="Losses"/> by losses of the user's own, which may be beyond float32.</summary>
    public double* ExactLosses { get; init; }

    /// <summary>(groups + 1): where each group of rows begins, and the end; null where all rows are one group.</summary>
    public int* GroupStarts { get; init; }

    public int Groups { get; init; } = 1;

    public int Outputs => outputs;

    public int Rows => rows;

    /// <summary>The rows to evaluate, all by default: the first, where a vector of the widest kind begins, and the one after the last.</summary>
    public (int First, int End) Part { get; init; } = (0, rows);

    /// <summary>Calls a kernel for these rows, rounded up to whole vectors of the widest kind where there is room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<TKernel>(in TKernel kernel) where TKernel : struct, IElementKernel => Elementwise.Run(in kernel, Part.First, Math.Min((int)AlignedBuffer.RoundUp(Part.End), stride));

    public int Stride => stride;

    /// <summary>The rows of a group: the first, and the one after the last.</summary>
    public (int First, int End) Group(int group) => GroupStarts == null ? (0, rows) : (GroupStarts[group], GroupStarts[group + 1]);

    public float* Predictions => predictions;

    public float* Targets => targets;

    public float* Scales => scales;

    public float* Gradient => gradient;

    public float* Losses => losses;
}
