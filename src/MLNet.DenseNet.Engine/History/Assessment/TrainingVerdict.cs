namespace MLNet.DenseNet;

/// <summary>A judgement of a training's model from its curves, such as a person who looks at them would make.</summary>
/// <remarks>
/// It is about the model that was kept: that of the best epoch where its weights were restored, else the latest. What later epochs came to is a remark in the evidence. Since curves are noisy, a difference counts
/// only where it stands out of the noise, both of the epochs and of so many validation rows. Where validation rows are predicted no better than by a guess, curves cannot tell whether the features or the network are to blame.
/// </remarks>
/// <param name="Fit">What it comes to.</param>
/// <param name="SinceEpoch">The epoch, from 1, after which the model no longer improved, or in which it could not be measured; null where there is none.</param>
/// <param name="Evidence">The reasons for it, a sentence each.</param>
/// <param name="Remedies">What to do about it, the most helpful first; none where all is well.</param>
public sealed record TrainingVerdict(TrainingFit Fit, int? SinceEpoch, IReadOnlyList<string> Evidence, IReadOnlyList<string> Remedies)
{
    /// <summary>The verdict in a few words, such as "Overfits since epoch 12".</summary>
    public string Headline => Fit switch
    {
        TrainingFit.FitsWell => "Fits well",
        TrainingFit.TooShort => "Too short",
        TrainingFit.LearnedNothing => "Learned nothing that holds for other rows",
        TrainingFit.Unknown when SinceEpoch is { } epoch => $"Cannot be told since epoch {epoch}",
        TrainingFit.Unknown => "Cannot be told without a validation set",
        _ => SinceEpoch is { } epoch ? $"{Fit} since epoch {epoch}" : $"{Fit}",
    };

    /// <summary>Headline, evidence and remedies, a line each.</summary>
    public override string ToString() => string.Join('\n', [Headline, .. Evidence.Select(e => $"  {e}"), .. Remedies.Select((r, i) => $"  {i + 1}. {r}")]);
}
