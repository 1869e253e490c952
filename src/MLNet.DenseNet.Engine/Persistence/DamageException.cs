namespace MLNet.DenseNet.Engine;

/// <summary>Something that was read cannot have been written. Whoever knows of what it is a part says so in a <see cref="FormatException"/> of its own.</summary>
/// <param name="how">As the end of a sentence.</param>
internal sealed class DamageException(string how) : Exception(how);
