using System.Runtime.Intrinsics.X86;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The sizes of a core's data caches in bytes. They decide how products are blocked, which changes no bit.</summary>
/// <param name="FirstLevel">The first-level data cache.</param>
/// <param name="SecondLevel">The second-level cache.</param>
internal readonly record struct CacheSizes(int FirstLevel, int SecondLevel)
{
    private const int DeterministicCacheParameters = 4;
    private const int AmdCacheProperties = unchecked((int)0x8000001D);
    private const int FirstLevelInKibibytes = unchecked((int)0x80000005);
    private const int SecondLevelInKibibytes = unchecked((int)0x80000006);
    private const int MaxCaches = 16;

    /// <summary>For processors that do not tell.</summary>
    public static readonly CacheSizes Usual = new(32 << 10, 1 << 20);

    /// <summary>Those of this processor.</summary>
    public static readonly CacheSizes OfProcessor = X86Base.IsSupported ? Read(X86Base.CpuId) : Usual;

    /// <summary>
    /// What CPUID tells: Intel in leaf 4, AMD in leaf 0x8000001D, in the same form (Intel's "Software Developer's Manual", volume 2, and AMD's "Architecture Programmer's Manual", volume 3); where a hypervisor hides these, AMD's
    /// older leaves 0x80000005 and 0x80000006.
    /// </summary>
    /// <param name="cpuId">The instruction: registers EAX to EDX of a leaf and a subleaf.</param>
    /// <returns><see cref="Usual"/> for a size that is not told or cannot be right.</returns>
    public static CacheSizes Read(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        var sizes = Usual;
        var lastExtended = (uint)cpuId(unchecked((int)0x80000000), 0).Eax;
        if (lastExtended >= unchecked((uint)AmdCacheProperties) && TryRead(cpuId, AmdCacheProperties, ref sizes))
            return sizes;
        if (cpuId(0, 0).Eax >= DeterministicCacheParameters && TryRead(cpuId, DeterministicCacheParameters, ref sizes))
            return sizes;
        return lastExtended >= unchecked((uint)SecondLevelInKibibytes) ? ReadKibibytes(cpuId) : sizes;
    }

    /// <summary>Sizes in bits 31 to 24 and 31 to 16 of ECX. Real ones are multiples of 4 and of 64 KiB.</summary>
    private static CacheSizes ReadKibibytes(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId)
    {
        var firstLevel = (int)((uint)cpuId(FirstLevelInKibibytes, 0).Ecx >> 24);
        var secondLevel = (int)((uint)cpuId(SecondLevelInKibibytes, 0).Ecx >> 16);
        return new(
            firstLevel >= 8 && firstLevel % 4 == 0 ? firstLevel << 10 : Usual.FirstLevel,
            secondLevel >= 64 && secondLevel % 64 == 0 ? secondLevel << 10 : Usual.SecondLevel);
    }

    private static bool TryRead(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId, int leaf, ref CacheSizes sizes)
    {
        var isTold = false;
        for (var cache = 0; cache < MaxCaches; cache++)
        {
            var (eax, ebx, ecx, _) = cpuId(leaf, cache);
            var (kind, level) = (eax & 31, (eax >> 5) & 7);
            if (kind == 0)
                break;
            // 1 is data, 2 instructions, 3 both. The fields hold one less: ways, partitions and bytes of a line, and sets.
            if (kind == 2)
                continue;
            var size = (((long)(uint)ebx >> 22) + 1) * ((((uint)ebx >> 12) & 1023) + 1) * (((uint)ebx & 4095) + 1) * ((long)(uint)ecx + 1);
            if (level == 1 && size is >= 8 << 10 and <= 1 << 20)
                (sizes, isTold) = (sizes with { FirstLevel = (int)size }, true);
            else if (level == 2 && size is >= 64 << 10 and <= 64 << 20)
                (sizes, isTold) = (sizes with { SecondLevel = (int)size }, true);
        }

        return isTold;
    }
}
