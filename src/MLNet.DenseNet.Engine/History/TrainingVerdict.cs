namespace MLNet.DenseNet;

/// <summary>A judgement of a training's model from its curves, such as a person would make who looks at them.</summary>
/// <remarks>
/// It is about the model that was kept: the best epoch's, where its weights were put back, else the latest; what later epochs came to is a remark in the evidence. Curves are noisy, so that a difference counts
/// only where it stands out of the noise of the epochs and of as many validation rows as there are. What they cannot tell is whether held-out rows stay a guess because of the features or of the network.
/// </remarks>
/// <param name="Fit">What it comes to.</param>
/// <param name="SinceEpoch">Since which epoch, from 1, it has been so: the epoch after which it no longer got better; null where there is none.</param>
/// <param name="Evidence">What speaks for it, a sentence each.</param>
/// <param name="Remedies">What to do about it, the most helpful first; none where all is well.</param>
public sealed record TrainingVerdict(TrainingFit Fit, int? SinceEpoch, IReadOnlyList<string> Evidence, IReadOnlyList<string> Remedies)
{
    /// <summary>The verdict in a few words, such as "Overfits since epoch 12".</summary>
    public string Headline => Fit switch
    {
        TrainingFit.FitsWell => "Fits well",
        TrainingFit.TooShort => "Too short",
        TrainingFit.LearnedNothing => "Learned nothing that holds for other rows",
        TrainingFit.Unknown => "Cannot be told without a validation set",
        _ => SinceEpoch is { } epoch ? $"{Fit} since epoch {epoch}" : $"{Fit}",
    };

    /// <summary>Headline, evidence and remedies, a line each.</summary>
    public override string ToString() => string.Join('\n', [Headline, .. Evidence.Select(e => $"  {e}"), .. Remedies.Select((r, i) => $"  {i + 1}. {r}")]);
}
