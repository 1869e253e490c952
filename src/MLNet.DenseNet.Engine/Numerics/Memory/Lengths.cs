using System.Runtime.CompilerServices;

namespace MLNet.DenseNet.Engine.Numerics;

/// <summary>The check that every kernel makes before it reads memory through pointers.</summary>
internal static class Lengths
{
    /// <summary>Throws where a length is not what the sizes of the work ask for.</summary>
    /// <param name="actual">The length of an argument.</param>
    /// <param name="expected">What it should be; a product of sizes, in 64 bits.</param>
    /// <param name="name">Written by the compiler: the expression for <paramref name="actual"/>.</param>
    /// <exception cref="ArgumentException">They differ; the message has the name and both lengths.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int actual, long expected, [CallerArgumentExpression(nameof(actual))] string? name = null)
    {
        if (actual != expected)
            Throw(actual, expected, name);
    }

    private static void Throw(int actual, long expected, string? name) => throw new ArgumentException($"{name} is {actual}; expected {expected}.");
}
