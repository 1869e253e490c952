namespace MLNet.DenseNet.Data;

/// <summary>How much memory rows may take, in bytes.</summary>
/// <param name="Chunk">A chunk of streamed rows, rounded to whole batches.</param>
/// <param name="HeldOut">The rows to measure with, where those to learn from are streamed.</param>
/// <param name="InMemory">All rows under <see cref="DataCaching.Auto"/>, which are streamed where they would take more; null for a share of the memory available.</param>
internal sealed record DataLimits(long Chunk = 8 << 20, long HeldOut = 32 << 20, long? InMemory = null);
