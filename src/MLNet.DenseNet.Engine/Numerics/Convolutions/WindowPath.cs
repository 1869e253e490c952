namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>A window's way along one dimension of a bordered image.</summary>
/// <param name="First">The index that its first position has.</param>
/// <param name="Step">From position to position.</param>
/// <param name="Count">How many positions.</param>
/// <param name="Taps">From a position to each index that the window sees; may be negative.</param>
internal readonly record struct WindowPath(int First, int Step, int Count, int[] Taps);
