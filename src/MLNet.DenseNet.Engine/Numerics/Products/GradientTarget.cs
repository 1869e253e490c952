namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Where the gradient of a parameter goes: to memory, or to a fused update, which applies it.</summary>
/// <param name="Update">What applies it; null where it is written.</param>
/// <param name="Offset">Where the parameter begins in the buffer of all parameters.</param>
/// <param name="IsDecayed">Whether weight decay applies.</param>
internal readonly record struct GradientTarget(IFusedUpdate? Update, int Offset, bool IsDecayed);
