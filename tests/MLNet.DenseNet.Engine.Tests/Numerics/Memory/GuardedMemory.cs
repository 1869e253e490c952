using System.Runtime.InteropServices;

namespace MLNet.DenseNet.Engine.Tests.Numerics;

/// <summary>Floats that end where memory that may not be touched begins, so that reading or writing past the end is a crash.</summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int ReadWrite = 3;
    private const int None = 0;
    private const int PrivateAnonymous = 0x22;

    private readonly nint _start;
    private readonly nint _size;
    private readonly float* _first;

    public GuardedMemory(ReadOnlySpan<float> values)
    {
        nint page = Environment.SystemPageSize;
        var used = (values.Length * sizeof(float) + page - 1) / page * page;
        _size = used + page;
        _start = Map(0, _size, ReadWrite, PrivateAnonymous, -1, 0);
        if (_start == -1 || Protect(_start + used, page, None) != 0)
            throw new InvalidOperationException("The memory could not be laid out.");
        _first = (float*)(_start + used) - values.Length;
        Length = values.Length;
        values.CopyTo(Span);
    }

    /// <summary>Other systems have the calls under other names.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    public int Length { get; }

    public Span<float> Span => new(_first, Length);

    public void Dispose() => _ = Unmap(_start, _size);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);
}
