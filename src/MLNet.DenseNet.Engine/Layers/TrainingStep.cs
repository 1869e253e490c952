namespace MLNet.DenseNet.Engine;

/// <summary>The step of training that a pass belongs to, which determines the random bits of layers such as dropout.</summary>
/// <param name="Seed">The training's seed.</param>
/// <param name="Number">The step's number, from 0.</param>
/// <param name="IsFrozen">Whether layers compute as at prediction, and only keep what their backward pass needs: nothing is dropped, and running statistics are used and stay as they are.</param>
internal readonly record struct TrainingStep(int Seed, long Number, bool IsFrozen = false)
{
    /// <summary>No step of a training: for the gradients of predictions.</summary>
    public static TrainingStep Frozen => new(Seed: 0, Number: 0, IsFrozen: true);
}
