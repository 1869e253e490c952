using MLNet.DenseNet.Engine.Numerics;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>What the measurements were made on.</summary>
internal static class Processor
{
    /// <summary>Its name, its number of cores and the caches of one.</summary>
    public static string Name
    {
        get
        {
            const string Key = "model name";
            var line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal)) : null;
            var caches = CacheSizes.OfProcessor;
            return FormattableString.Invariant($"{line?[(line.IndexOf(':') + 2)..] ?? "unknown processor"}, {Environment.ProcessorCount} cores, {caches.FirstLevel >> 10} KiB and {caches.SecondLevel >> 10} KiB of cache a core");
        }
    }
}
