using System.Collections;
using MLNet.DenseNet.Engine;

namespace MLNet.DenseNet;

/// <summary>How a training went: the numbers of each complete epoch, in order, and how it ended.</summary>
public sealed class TrainingHistory : IReadOnlyList<EpochSummary>
{
    // The best epoch is chosen by the rows that its loss is reported for, which makes that loss too low: as measured, by about 0.09 with 5 to 14 rows, and by 0.02 with as many as these.
    private const int EnoughValidationRows = 50;

    private readonly IReadOnlyList<EpochSummary> _epochs;

    internal TrainingHistory(
        IReadOnlyList<EpochSummary> epochs, TrainingEnd end, int? restoredEpoch, TrainingSettings settings, NetworkSummary? network = null, double? baselineAccuracy = null,
        IReadOnlyList<LayerWeights>? weights = null)
    {
        _epochs = epochs;
        End = end;
        RestoredEpoch = restoredEpoch;
        Settings = settings;
        Network = network;
        BaselineAccuracy = baselineAccuracy;
        Weights = weights ?? [];
        HoldOutSeed = settings.Seed;
    }

    /// <summary>Why training ended.</summary>
    public TrainingEnd End { get; }

    /// <summary>The epoch, from 1, whose weights were restored at the end because it was the best; null where the weights are those of the latest step.</summary>
    public int? RestoredEpoch { get; }

    /// <summary>What training was run with.</summary>
    public TrainingSettings Settings { get; }

    /// <summary>The number of epochs of the trainings that this one went on from. 0 for a training that began anew, and for histories of older versions, which do not hold it.</summary>
    public int EpochsBefore { get; internal init; }

    /// <summary>The network that was trained; null for histories of older versions, which do not hold it.</summary>
    public NetworkSummary? Network { get; }

    /// <summary>The share of the commonest class among the training rows, by their example and class weights. It is the accuracy that a guess without features reaches; with class weights, the <see cref="EpochSummary.ClassWeightedAccuracy"/>. Null in a regression, where rows have several labels, and for histories of older versions.</summary>
    public double? BaselineAccuracy { get; }

    /// <summary>
    /// The loss of a guess without features where the loss is a cross-entropy of classes without label smoothing, in nats: the entropy of the classes' shares among the training rows, by their example and class weights. Where one class is rare it tells more than
    /// <see cref="BaselineAccuracy"/>, which nearly every model reaches then. Null elsewhere, and for histories of older versions.
    /// </summary>
    public double? BaselineLoss { get; internal init; }

    /// <summary>How the weights of each layer that has some are distributed before and after training; empty without <see cref="TrainingOptions.RecordDiagnostics"/>.</summary>
    public IReadOnlyList<LayerWeights> Weights { get; }

    /// <summary>What the curves say: whether the model fits well, overfits, underfits, diverges or was trained too short, with the evidence and what to do about it.</summary>
    public TrainingVerdict Verdict => field ??= TrainingAssessment.Judge(this);

    /// <summary>
    /// A warning about the validation numbers where fewer than 50 rows are held out: they are uncertain. They also flatter where the epoch whose weights are kept was chosen by the same rows, and where the training that this one went on from may have learned them: it held out none, or another part of as many rows.
    /// Null where nothing of this is so.
    /// </summary>
    public string? ValidationCaveat => (HasFewValidationRows, MayHaveLearnedValidationRows) switch
    {
        (false, false) => null,
        (false, true) => Learned,
        (true, false) => OfFewRows,
        _ => $"{OfFewRows} {Learned}",
    };

    /// <summary>The number of complete epochs.</summary>
    public int Count => _epochs.Count;

    /// <summary>An epoch.</summary>
    /// <param name="index">From 0.</param>
    public EpochSummary this[int index] => _epochs[index];

    /// <summary>Which part of the rows was held out; null for histories of older versions, which do not hold it.</summary>
    internal HeldOutPart? HeldOut { get; init; }

    /// <summary>Whether a training that this one went on from may have learned what is held out now.</summary>
    internal bool MayHaveLearnedValidationRows { get; init; }

    /// <summary>Whether rows that a training holds out which goes on from this one may have been learned: where this one held out none, or another part of as many rows, which may be the same.</summary>
    internal bool MayHaveLearned(HeldOutPart part, TrainingSettings settings) => part.Fraction > 0 && settings.ValidationRows > 0
        && (MayHaveLearnedValidationRows || Settings.ValidationRows == 0 || (HeldOut is { } other && other != part && other.RowsOf(Settings) == part.RowsOf(settings)));

    /// <summary>How many steps had been taken in the trainings that this one went on from.</summary>
    internal long StepsBefore { get; init; }

    /// <summary>The seed that determined which rows were held out. A training that goes on from another one holds out the same rows, so this is the seed of the first one.</summary>
    internal int HoldOutSeed { get; init; }

    /// <summary>The epochs begun in this training and in those that it went on from.</summary>
    internal int EpochsBegun => (int)Math.Min(int.MaxValue, (long)EpochsBefore + EpochsBegunHere);

    /// <summary>The steps taken in this training and in those that it went on from. Of an epoch that was cancelled, all steps count.</summary>
    internal long StepsBegun => StepsBefore + EpochsBegunHere * StepsPerEpoch;

    /// <summary>The steps of an epoch: of rows as many as batches are full or begun, of groups, which stay together, as many as the training took.</summary>
    internal long StepsPerEpoch
    {
        get => field != 0 ? field : ((long)Settings.TrainingRows + BatchSize - 1) / BatchSize;
        init;
    }

    /// <summary>The same training with some of its epochs alone.</summary>
    internal TrainingHistory Of(IEnumerable<EpochSummary> epochs) => new([.. epochs], End, RestoredEpoch, Settings, Network, BaselineAccuracy, Weights) { BaselineLoss = BaselineLoss, HeldOut = HeldOut, StepsPerEpoch = StepsPerEpoch, MayHaveLearnedValidationRows = MayHaveLearnedValidationRows };

    private bool HasFewValidationRows => Settings.ValidationRows is > 0 and < EnoughValidationRows;

    private static string Learned => "A training that this one went on from may have learned the rows held out now, so that the validation numbers flatter.";

    private string OfFewRows => FormattableString.Invariant(
        $"Only {Settings.ValidationRows} row{(Settings.ValidationRows == 1 ? " is" : "s are")} held out, so that the validation numbers are uncertain{(RestoredEpoch is null ? "" : ", and they flatter: the epoch whose weights are kept was chosen by them")}.");

    private int BatchSize => Math.Max(1, Settings.BatchSize);

    private long EpochsBegunHere => Count + (End == TrainingEnd.Canceled ? 1 : 0);

    /// <summary>How training went in a line, such as "EarlyStopped after 34 of 200 epochs, with the weights of epoch 24: loss 0.01234, validation loss 0.05678".</summary>
    public override string ToString()
    {
        var kept = Count == 0 ? null : this[(RestoredEpoch ?? Count) - 1];
        return FormattableString.Invariant(
            $"{End} after {Count} of {Settings.NumberOfEpochs} epochs{(RestoredEpoch is { } epoch ? $", with the weights of epoch {epoch}" : "")}{(kept is null ? "" : FormattableString.Invariant($": loss {kept.Loss:G4}"))}{(kept?.ValidationLoss is { } loss ? FormattableString.Invariant($", validation loss {loss:G4}") : "")}");
    }

    /// <inheritdoc/>
    public IEnumerator<EpochSummary> GetEnumerator() => _epochs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
