namespace HostileInputs;

/// <summary>What may come of a call.</summary>
internal static class Expect
{
    /// <summary>Wrong input is refused in words that hold all of these.</summary>
    public static void Refusal(Action call, params ReadOnlySpan<string> words)
    {
        if (RefusalOf(call) is not { } message)
            throw new InvalidOperationException($"Nothing was refused; expected a refusal with {string.Join(" and ", words)}.");
        foreach (var word in words)
        {
            if (!message.Contains(word, StringComparison.Ordinal))
                throw new InvalidOperationException($"Refused without '{word}': {message}");
        }
    }

    /// <summary>Input of which nobody says whether it is right gives anything but an accident.</summary>
    public static void NoAccident(Action call) => RefusalOf(call);

    /// <returns>What the refusal says; null where there was none.</returns>
    private static string? RefusalOf(Action call)
    {
        try
        {
            call();
            return null;
        }
        catch (Exception error) when (Chain(error).All(e => e is not (IndexOutOfRangeException or NullReferenceException or AccessViolationException or OverflowException or InvalidCastException or ArrayTypeMismatchException)))
        {
            return string.Join(" < ", Chain(error).Select(e => e.Message));
        }
    }

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            yield return error;
    }
}
