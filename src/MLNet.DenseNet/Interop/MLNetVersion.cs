using System.Reflection;
using Microsoft.ML;

namespace MLNet.DenseNet;

/// <summary>
/// The versions of Microsoft.ML whose non-public surface this package was tested with. Any other version may have changed it, so it is refused in a clear sentence
/// instead of failing somewhere inside.
/// </summary>
internal static class MLNetVersion
{
    private static readonly Version Lowest = new(5, 0, 1);
    private static readonly Version Below = new(5, 1);
    private static readonly string? Refusal = Refuse(InformationalVersion(typeof(MLContext).Assembly));

    /// <exception cref="NotSupportedException">The loaded version of Microsoft.ML is not one of the tested ones.</exception>
    public static void Check()
    {
        if (Refusal is not null)
            throw new NotSupportedException(Refusal);
    }

    /// <summary>Why a version is refused, or null where it is not.</summary>
    internal static string? Refuse(string informationalVersion)
    {
        var number = informationalVersion.Split('+', '-')[0];
        return Version.TryParse(number, out var version) && version >= Lowest && version < Below
            ? null
            : $"MLNet.DenseNet works with Microsoft.ML {Lowest} up to, not including, {Below}; the loaded version is {number}. "
                + "Reference a version of Microsoft.ML in that range, or a version of MLNet.DenseNet made for yours.";
    }

    private static string InformationalVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
