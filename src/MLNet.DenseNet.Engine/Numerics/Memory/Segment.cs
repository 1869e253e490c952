namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>Consecutive values of a buffer.</summary>
/// <param name="First">The index of the first value.</param>
/// <param name="Length">How many.</param>
internal readonly record struct Segment(int First, int Length);
