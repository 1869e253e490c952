namespace MLNet.DenseNet.Engine;

/// <summary>What was read cannot have been written by this library. <see cref="SavedFrame"/> makes it a <see cref="FormatException"/> that names the data.</summary>
/// <param name="how">What is wrong, as the end of a sentence.</param>
internal sealed class DamageException(string how) : Exception(how);
