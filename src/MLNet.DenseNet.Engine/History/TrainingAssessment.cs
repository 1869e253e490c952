namespace MLNet.DenseNet.Engine;

/// <summary>
/// Judges a training from its curves. Bounds are of what a person would call a clear sign; relative ones, since losses have any scale. What counts is told from smoothed curves; the numbers
/// in the evidence are those of the epochs.
/// </summary>
internal static class TrainingAssessment
{
    private const int LeastEpochs = 3;

    // Of what the training loss gained, and of its smallest value.
    private const double DivergingShare = 0.25;
    private const double ClearRise = 0.1;

    // A change is of no interest where it is as small a part of where the curve began.
    private const double Negligible = 0.01;

    /// <summary>The share of what there is to learn below which a model knows little.</summary>
    public const double LearnedLittle = 0.5;

    public static TrainingVerdict Judge(TrainingHistory history)
    {
        if (history.FirstOrDefault(e => !double.IsFinite(e.Loss) || e.ValidationLoss is { } loss && !double.IsFinite(loss)) is { } burst)
            return Verdict(TrainingFit.Diverges, burst.Epoch, [$"The loss of epoch {burst.Epoch} is not finite."]);
        if (history.Count < LeastEpochs)
            return Verdict(TrainingFit.TooShort, null, [$"Curves of {history.Count} epoch{(history.Count == 1 ? "" : "s")} tell nothing; at least {LeastEpochs} are needed."]);

        var training = new SmoothedCurve([.. history.Select(e => e.Loss)]);
        var validation = history.All(e => e.ValidationLoss is not null) ? new SmoothedCurve([.. history.Select(e => e.ValidationLoss!.Value)]) : null;
        var learned = LearnedShare.Of(history);
        // The epoch whose weights the model has.
        var kept = (history.RestoredEpoch ?? history.Count) - 1;

        if (IsDiverging(training))
            return Verdict(TrainingFit.Diverges, training.Lowest + 1, [Change("training loss", training, training.Lowest)]);
        var evidence = new List<string>();
        if (validation is not null && IsRising(validation, training))
        {
            evidence.Add(Change("validation loss", validation, validation.Lowest));
            evidence.Add(Change("training loss", training, validation.Lowest));
            if (history.RestoredEpoch is not null)
                evidence.Add($"The weights are those of epoch {history.RestoredEpoch}, so that the later epochs do no harm.");
            // Where even the best epoch knows little, it began to learn rows by heart before it had learned what holds for others.
            if (history.RestoredEpoch is null || learned?.Best(kept) < LearnedLittle)
                return Verdict(TrainingFit.Overfits, validation.Lowest + 1, Described());
        }

        var hasGap = learned?.HasGap(kept) == true;
        var progress = new LateProgress(history, training, validation);
        if (progress.IsUnfinished(learned?.Generalized(kept), hasGap))
            return Verdict(TrainingFit.TooShort, null, [Change(validation is null ? "training loss" : "validation loss", validation ?? training, progress.From), .. Described()]);
        if (hasGap)
        {
            var since = FirstOfGap(learned!, kept);
            return Verdict(TrainingFit.Overfits, since, [.. Described(), $"It has been ahead on the training rows by more than chance since epoch {since}."]);
        }

        if (learned is null ? !training.IsClear(training.First - training[kept]) : learned.Best(kept) < LearnedLittle)
            return Verdict(TrainingFit.Underfits, null, [Change("training loss", training, 0), .. Described()]);
        return validation is null
            ? Verdict(TrainingFit.Unknown, null, [Change("training loss", training, 0), .. Described()])
            : Verdict(TrainingFit.FitsWell, null,
            [
                .. Described(),
                FormattableString.Invariant($"The loss is {training.Value(kept):G4} on the training rows and {validation.Value(kept):G4} on the validation rows."),
            ]);

        TrainingVerdict Verdict(TrainingFit fit, int? since, IReadOnlyList<string> sentences) => new(fit, since, sentences, Remedies.For(fit, history));

        IReadOnlyList<string> Described() => learned is null ? evidence : [learned.Describe(kept), .. evidence];
    }

    private static bool IsDiverging(SmoothedCurve training)
    {
        var lost = training.Last - training[training.Best];
        return training.IsClear(lost) && lost > DivergingShare * (training.First - training[training.Best]) && lost > ClearRise * Math.Abs(training[training.Best]);
    }

    /// <summary>Whether the validation loss has risen while the training loss has not.</summary>
    private static bool IsRising(SmoothedCurve validation, SmoothedCurve training)
    {
        var risen = validation.Last - validation[validation.Best];
        return validation.IsClear(risen) && risen > ClearRise * Math.Abs(validation[validation.Best]) && risen > Negligible * Math.Abs(validation.First)
            && !training.IsClear(training.Last - training[validation.Best]);
    }

    /// <summary>The epoch, from 1, since which there has been a gap.</summary>
    private static int FirstOfGap(LearnedShare learned, int kept)
    {
        var first = kept;
        while (first > 0 && learned.HasGap(first - 1))
            first--;
        return first + 1;
    }

    private static string Change(string what, SmoothedCurve curve, int from)
    {
        var (before, after) = (curve.Value(from), curve.Value(curve.Count - 1));
        return FormattableString.Invariant($"From epoch {from + 1} to the last, the {what} {(after > before ? "rose" : "fell")} from {before:G4} to {after:G4}.");
    }
}
