namespace MLNet.DenseNet.ConsoleProgress;

/// <summary>Numbers of a training as they are shown.</summary>
internal static class ProgressText
{
    public static string Of(double value) => FormattableString.Invariant($"{value:G4}");

    /// <summary>A metric, or nothing. An R-squared may be far below 0.</summary>
    public static string Of(double? value) => value is not { } number ? "" : Math.Abs(number) < 1000 ? FormattableString.Invariant($"{number:F4}") : Of(number);

    /// <summary>Such as "2:05" or "1:02:05".</summary>
    public static string Of(TimeSpan time) =>
        time.TotalHours < 1 ? FormattableString.Invariant($"{time.Minutes}:{time.Seconds:00}") : FormattableString.Invariant($"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>How long training will still take: where it may end before its last epoch, at most.</summary>
    public static string Left(TimeSpan time, TrainingOptions options) => $"{(MayEndEarly(options) ? "at most " : "")}{Of(time)} left";

    public static string Pace(double rowsPerSecond) => FormattableString.Invariant($"{rowsPerSecond:N0} rows/s");

    public static string End(TrainingHistory history)
    {
        var how = history.End switch
        {
            TrainingEnd.EarlyStopped => "Stopped early",
            TrainingEnd.StoppedByCallback => "Stopped",
            TrainingEnd.Canceled => "Cancelled",
            _ => "Done",
        };
        var restored = history.RestoredEpoch is { } epoch ? $", with the weights of epoch {epoch}" : "";
        var elapsed = history.Count == 0 ? "" : $" in {Of(history[^1].Elapsed)}";
        return $"{how} after {history.Count} epoch{(history.Count == 1 ? "" : "s")}{elapsed}{restored}";
    }

    /// <summary>Where the number of epochs is left open, a pipeline finds it by early stopping.</summary>
    private static bool MayEndEarly(TrainingOptions options) => options.EarlyStopping is not null || options.NumberOfEpochs is null;
}
