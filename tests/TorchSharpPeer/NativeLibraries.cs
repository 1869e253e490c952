using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.DenseNet.TorchSharpPeer;

/// <summary>The native libraries of TorchSharp, asked for before TorchSharp itself tries: where they do not load, it copies hundreds of megabytes and leaves the reason out.</summary>
internal static class NativeLibraries
{
    /// <summary>The system's reason in a line, such as the version of the C++ library that it lacks; null where they load.</summary>
    public static string? WhyNotLoaded()
    {
        try
        {
            foreach (var name in (string[])["torch_cpu", "LibTorchSharp"])
                NativeLibrary.Load(name, typeof(torch).Assembly, DllImportSearchPath.AssemblyDirectory);
            return null;
        }
        catch (DllNotFoundException error)
        {
            // A line for every attempt: that a version is missing explains more than that a file is.
            var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.FirstOrDefault(line => line.Contains("version", StringComparison.Ordinal)) ?? lines[0];
        }
    }
}
