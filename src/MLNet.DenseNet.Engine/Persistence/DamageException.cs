namespace MLNet.DenseNet.Engine;

/// <summary>Something that was read cannot have been written. Whoever knows of what it is a part says so in a <see cref="FormatException"/> of its own.</summary>
/// <param name="how">As the end of a sentence.</param>
internal sealed class DamageException(string how) : Exception(how)
{
    /// <summary>What went wrong in reading, and where, as the end of a sentence.</summary>
    /// <param name="exception">Of this kind, or what a reader or a constructor threw.</param>
    /// <param name="stream">What was read.</param>
    public static string Describe(Exception exception, ChecksumStream stream) =>
        FormattableString.Invariant($"{(exception is EndOfStreamException ? "it ends too early" : exception.Message)}, at byte {stream.Count}");
}
