namespace MLNet.DenseNet.Engine;

/// <summary>The step of training that a pass belongs to, which determines the random bits of layers such as dropout.</summary>
/// <param name="Seed">The training's seed.</param>
/// <param name="Number">The step's number, from 0.</param>
internal readonly record struct TrainingStep(int Seed, long Number);
