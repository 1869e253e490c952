namespace MLNet.DenseNet.Data;

/// <summary>How much memory this process can have, within the limit of its container if there is one.</summary>
internal static class AvailableMemory
{
    /// <summary>In all.</summary>
    public static long Total => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Still.</summary>
    public static long Bytes
    {
        get
        {
            // The load is that of the latest garbage collection.
            var memory = GC.GetGCMemoryInfo();
            return Math.Max(0, memory.TotalAvailableMemoryBytes - Math.Max(memory.MemoryLoadBytes, GC.GetTotalMemory(forceFullCollection: false)));
        }
    }
}
