namespace MLNet.DenseNet.Tests.Shared;

/// <summary>How many bytes a piece of code allocates.</summary>
internal static class AllocatedBytes
{
    private const int Tries = 10;

    /// <summary>
    /// The bytes allocated on this thread whenever the code runs: the least of several times. While other threads allocate much, the runtime now and then takes the rest of this thread's room for new objects away and counts it as well, up to 8 KiB: in one of about forty measurements of a loop over whole numbers.
    /// </summary>
    public static long Of(Action action)
    {
        var least = long.MaxValue;
        for (var attempt = 0; attempt < Tries && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
