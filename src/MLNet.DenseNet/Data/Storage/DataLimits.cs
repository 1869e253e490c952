namespace MLNet.DenseNet.Data;

/// <summary>How much memory rows may take.</summary>
/// <param name="Chunk">Bytes of a chunk of streamed rows, as far as whole batches allow.</param>
/// <param name="HeldOut">Bytes of the rows to measure with, where those to learn from are streamed.</param>
/// <param name="InMemory">Bytes of rows in memory under <see cref="DataCaching.Auto"/>; null for a share of the memory available.</param>
internal sealed record DataLimits(long Chunk = 8 << 20, long HeldOut = 32 << 20, long? InMemory = null);
