using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>
/// One batch on its way through a loss. Matrices are (outputs x stride): the rows of the batch lie side by side, so that a vector holds one output of
/// several rows. What is computed behind the batch's last row does not matter.
/// </summary>
/// <param name="outputs">Outputs a row.</param>
/// <param name="rows">Rows of the batch.</param>
/// <param name="stride">Elements from output to output: the rows, or more of a whole number of the widest vectors.</param>
/// <param name="predictions">(outputs x stride): logits where the loss has a link.</param>
/// <param name="targets">(outputs x stride).</param>
/// <param name="scales">(stride): what to multiply each row's gradient by, its share in the batch.</param>
/// <param name="gradient">(outputs x stride), to be filled with scale times the derivative of the row's loss.</param>
/// <param name="losses">(stride), to be filled with each row's loss, not scaled.</param>
internal readonly unsafe struct LossPass(
    int outputs, int rows, int stride, float* predictions, float* targets, float* scales, float* gradient, float* losses)
{
    /// <summary>(outputs): what standardized targets were divided by; null where targets are as they come. A loss of the user's own sees them, and predictions, as they come all the same: the gradient is to be divided by it.</summary>
    public double* TargetScales { get; init; }

    /// <summary>(outputs x stride), to be filled with each output's loss by losses that are the mean over outputs; null where nobody asks.</summary>
    public float* OutputLosses { get; init; }

    /// <summary>(rows), to be filled with each row's loss by losses of the user's own, which may be beyond float32.</summary>
    public double* ExactLosses { get; init; }

    public int Outputs => outputs;

    public int Rows => rows;

    /// <summary>Rows to work on a vector at a time: there is room for a whole number of the widest ones.</summary>
    public int VectorRows => Math.Min((int)AlignedBuffer.RoundUp(rows), stride);

    public int Stride => stride;

    public float* Predictions => predictions;

    public float* Targets => targets;

    public float* Scales => scales;

    public float* Gradient => gradient;

    public float* Losses => losses;
}
