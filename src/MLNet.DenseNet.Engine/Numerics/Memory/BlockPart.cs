namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Some values of a block.</summary>
/// <param name="First">The first value.</param>
/// <param name="Length">How many.</param>
internal readonly record struct BlockPart(int First, int Length);
