namespace MLNet.DenseNet.Engine;

/// <summary>Judges a training from its curves. Bounds are of what a person would call a clear sign; relative ones, since losses have any scale.</summary>
internal static class TrainingAssessment
{
    private const int LeastEpochs = 3;

    // Of what the training loss gained, and of its smallest value.
    private const double DivergingShare = 0.25;
    private const double ClearRise = 0.1;

    // Over the last quarter of the epochs.
    private const double ClearFall = 0.05;

    // A change is of no interest where it is as small a part of where the curve began.
    private const double Negligible = 0.01;
    private const double LearnedAll = 0.99;
    private const double LearnedLittle = 0.5;

    public static TrainingVerdict Judge(TrainingHistory history)
    {
        if (history.FirstOrDefault(e => !double.IsFinite(e.Loss) || e.ValidationLoss is { } loss && !double.IsFinite(loss)) is { } burst)
            return Verdict(TrainingFit.Diverges, burst.Epoch, [$"The loss of epoch {burst.Epoch} is not finite."]);
        if (history.Count < LeastEpochs)
            return Verdict(TrainingFit.TooShort, null, [$"Curves of {history.Count} epochs tell nothing; at least {LeastEpochs} are needed."]);

        var training = new SmoothedCurve([.. history.Select(e => e.Loss)]);
        var validation = history.All(e => e.ValidationLoss is not null) ? new SmoothedCurve([.. history.Select(e => e.ValidationLoss!.Value)]) : null;
        var learned = LearnedShare.Of(history);
        // The epoch whose weights the model has.
        var kept = (history.RestoredEpoch ?? history.Count) - 1;

        if (IsDiverging(training))
            return Verdict(TrainingFit.Diverges, training.Best + 1, [Change("training loss", training, training.Best)]);
        var evidence = new List<string>();
        if (validation is not null && IsRising(validation, training))
        {
            evidence.Add(Change("validation loss", validation, validation.Best));
            evidence.Add(Change("training loss", training, validation.Best));
            if (history.RestoredEpoch is null)
                return Verdict(TrainingFit.Overfits, validation.Best + 1, Described());
            evidence.Add($"The weights are those of epoch {history.RestoredEpoch}, so that the later epochs do no harm.");
        }

        if (learned?.HasGap(kept) == true)
            return Verdict(TrainingFit.Overfits, FirstOfGap(learned, kept), Described());
        if (IsStillFalling(history, validation ?? training) && !(learned?.Best(kept) >= LearnedAll))
            return Verdict(TrainingFit.TooShort, null, [Change(validation is null ? "training loss" : "validation loss", validation ?? training, LastQuarter(history)), .. Described()]);
        if (learned is null ? !training.IsClear(training.First - training[kept]) : learned.Best(kept) < LearnedLittle)
            return Verdict(TrainingFit.Underfits, null, [Change("training loss", training, 0), .. Described()]);
        return validation is null
            ? Verdict(TrainingFit.Unknown, null, [Change("training loss", training, 0), .. Described()])
            : Verdict(TrainingFit.FitsWell, null, [.. Described(), FormattableString.Invariant($"The loss is {training[kept]:G4} on the training rows and {validation[kept]:G4} on the validation rows.")]);

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

    private static bool IsStillFalling(TrainingHistory history, SmoothedCurve curve)
    {
        if (history.End == TrainingEnd.EarlyStopped || curve.Best < 0.9 * (history.Count - 1))
            return false;
        var before = curve[LastQuarter(history)];
        var fallen = before - curve.Last;
        return curve.IsClear(fallen) && fallen > ClearFall * Math.Abs(before) && fallen > Negligible * (curve.First - curve.Last);
    }

    private static int LastQuarter(TrainingHistory history) => Math.Min(history.Count * 3 / 4, history.Count - 2);

    /// <summary>The epoch, from 1, since which there has been a gap.</summary>
    private static int FirstOfGap(LearnedShare learned, int kept)
    {
        var first = kept;
        while (first > 0 && learned.HasGap(first - 1))
            first--;
        return first + 1;
    }

    private static string Change(string what, SmoothedCurve curve, int from) => FormattableString.Invariant(
        $"From epoch {from + 1} to the last, the {what} {(curve.Last > curve[from] ? "rose" : "fell")} from {curve[from]:G4} to {curve.Last:G4}.");
}
