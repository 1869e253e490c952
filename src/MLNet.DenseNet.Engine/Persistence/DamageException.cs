namespace MLNet.DenseNet.Engine;

/// <summary>Something that was read cannot have been written. <see cref="SavedFrame"/> makes it a <see cref="FormatException"/> that names the data.</summary>
/// <param name="how">As the end of a sentence.</param>
internal sealed class DamageException(string how) : Exception(how);
