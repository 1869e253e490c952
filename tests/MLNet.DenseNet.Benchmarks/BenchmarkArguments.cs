using System.Globalization;

namespace MLNet.DenseNet.Benchmarks;

/// <summary>Names of workloads and numbers, such as those of threads, in any order.</summary>
internal sealed class BenchmarkArguments(IReadOnlyCollection<string> arguments)
{
    /// <summary>The workloads that are named.</summary>
    /// <param name="otherwise">Those where none is; all of them where it is empty.</param>
    public IEnumerable<Workload> Workloads(params string[] otherwise) => Workload.Named(arguments.Any(IsName) ? [.. arguments.Where(IsName)] : otherwise);

    /// <summary>The numbers that are given.</summary>
    /// <param name="otherwise">Those where none is.</param>
    public int[] Numbers(params int[] otherwise) => arguments.All(IsName) ? otherwise : [.. arguments.Where(argument => !IsName(argument)).Select(argument => int.Parse(argument, CultureInfo.InvariantCulture))];

    private static bool IsName(string argument) => !char.IsAsciiDigit(argument[0]);
}
