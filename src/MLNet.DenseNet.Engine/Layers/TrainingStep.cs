namespace MLNet.DenseNet.Engine;

/// <summary>Which step of training a pass belongs to: what random layers draw their bits for.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Number">The step's number, from 0.</param>
internal readonly record struct TrainingStep(int Seed, long Number);
