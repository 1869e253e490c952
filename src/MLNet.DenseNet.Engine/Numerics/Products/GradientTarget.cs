namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Where a product's result goes instead of to memory of its own.</summary>
/// <param name="Update">What uses it up; null for nothing, where the result is written.</param>
/// <param name="Offset">Where the parameter begins in the block of all parameters.</param>
/// <param name="IsDecayed">Whether weight decay applies.</param>
internal readonly record struct GradientTarget(IFusedUpdate? Update, int Offset, bool IsDecayed);
