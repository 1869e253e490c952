using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Engine;

/// <summary>How a batch's backward pass computed the gradient of a parameter.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Shares">How its gradient was cut for threads; where its inputs are sparse, or looked up, how the touched rows were.</param>
/// <param name="IsApplied">Whether a fused update applied it, so that it was not written.</param>
internal readonly record struct ComputedGradient(Parameter Parameter, WorkShares Shares, bool IsApplied);
