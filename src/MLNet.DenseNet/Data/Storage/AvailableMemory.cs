namespace MLNet.DenseNet.Data;

/// <summary>The memory that this process may use, in bytes; in a container, within its limit.</summary>
internal static class AvailableMemory
{
    /// <summary>All that the process may use.</summary>
    public static long Total => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What is left of it.</summary>
    public static long Bytes
    {
        get
        {
            // The load was measured at the latest garbage collection; the process may have allocated more since.
            var memory = GC.GetGCMemoryInfo();
            return Math.Max(0, memory.TotalAvailableMemoryBytes - Math.Max(memory.MemoryLoadBytes, GC.GetTotalMemory(forceFullCollection: false)));
        }
    }
}
