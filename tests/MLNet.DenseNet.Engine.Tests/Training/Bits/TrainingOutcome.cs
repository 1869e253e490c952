namespace MLNet.DenseNet.Engine.Tests.Training;

/// <summary>What came of a training, to the bit.</summary>
/// <param name="Parameters">The bits of the network's parameters.</param>
/// <param name="Losses">Of each epoch.</param>
internal sealed record TrainingOutcome(int[] Parameters, (double Loss, double? ValidationLoss)[] Losses)
{
    public void CheckSame(TrainingOutcome other)
    {
        Assert.Equal(Losses, other.Losses);
        Assert.Equal(Parameters, other.Parameters);
    }
}
