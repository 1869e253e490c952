using CsCheck;
using Microsoft.ML.Data;

namespace HostileInputs;

/// <summary>Vectors as a service may build them from a request.</summary>
internal static class Vectors
{
    private static readonly Gen<int> HostileIndex = Gen.OneOf(Gen.Const(-1), Gen.Const(int.MinValue), Gen.Const(int.MaxValue), Gen.Const(1 << 20), Gen.Int);

    private static readonly Gen<float> Value = Gen.Frequency((8, Gen.Float[-3, 3]), (1, Gen.Const(0f)), (1, Gen.Float));

    /// <summary>Numbers that are none, too large or too small, and others.</summary>
    public static readonly Gen<float> AnyFloat = Gen.OneOf(Gen.Const(float.NaN), Gen.Const(float.NegativeInfinity), Gen.Const(float.MaxValue), Gen.Const(-float.MaxValue), Gen.Const(float.Epsilon), Gen.Const(-0f), Gen.Float);

    private static readonly Gen<uint> AnyKey = Gen.Frequency((9, Gen.UInt[0, Row.KeyValues]), (1, Gen.OneOf(Gen.Const(Row.KeyValues + 1u), Gen.Const(uint.MaxValue), Gen.Const(1u << 31), Gen.UInt)));

    /// <summary>Keys of a row, mostly as many as there should be: dense, and with the indices of <see cref="Of"/>.</summary>
    public static Gen<VBuffer<uint>> OfKeys => Gen.Select(Of(Row.KeyCount), AnyKey.Array[2 * Row.KeyCount]).Select((vector, keys) => vector.IsDense
        ? new VBuffer<uint>(vector.Length, keys)
        : new VBuffer<uint>(vector.Length, vector.GetValues().Length, [.. keys.Take(vector.GetValues().Length)], vector.GetIndices().ToArray()));

    /// <summary>Mostly of the right length: dense, sparse with right indices, and sparse with wrong ones.</summary>
    public static Gen<VBuffer<float>> Of(int length) => Gen.Frequency(
        (2, Gen.Select(Gen.Int[0, Math.Min(length - 1, 40)], Value.Array[40], Gen.Int).Select((count, values, seed) => Right(length, count, values, seed))),
        (1, Value.Array[length].Select(values => new VBuffer<float>(length, values))),
        (4, Gen.Select(Gen.Int[1, Math.Min(length - 1, 40)], Value.Array[40], Gen.Int, HostileIndex, Gen.Int[0, 39]).Select((count, values, seed, index, place) => Wrong(length, count, values, seed, index, place))),
        (1, Gen.Select(Gen.Int[1, 2 * length], Gen.Float).Select((other, value) => new VBuffer<float>(other, 1, [value], [0]))));

    /// <summary>Labels with the length and the indices of a vector.</summary>
    public static VBuffer<bool> Labels(VBuffer<float> vector)
    {
        bool[] values = [.. vector.GetValues().ToArray().Select(value => value > 0)];
        return vector.IsDense ? new VBuffer<bool>(vector.Length, values) : new VBuffer<bool>(vector.Length, values.Length, values, vector.GetIndices().ToArray());
    }

    /// <summary>What is wrong with the keys of a row, as the words that a refusal should have; empty where nothing is.</summary>
    public static string[] FaultOfKeys(VBuffer<uint> keys)
    {
        if (Fault(keys, Row.KeyCount) is { Length: > 0 } fault)
            return fault;
        foreach (var key in keys.GetValues())
        {
            if (key > Row.KeyValues)
                return [$"the key {key} ", $"has {Row.KeyValues}"];
        }

        return [];
    }

    /// <summary>What is wrong with numbers as labels, of which each has to be 0 or 1; missing ones are not.</summary>
    public static string[] FaultOfLabels(VBuffer<float> labels, int length)
    {
        if (Fault(labels, length) is { Length: > 0 } fault)
            return fault;
        foreach (var label in labels.GetValues())
        {
            if (float.IsFinite(label) && label != 0 && label != 1)
                return [FormattableString.Invariant($"the label {label} "), "0 or 1"];
        }

        return [];
    }

    /// <summary>What is wrong with a vector, as the words that a refusal should have; empty where nothing is.</summary>
    public static string[] Fault<T>(VBuffer<T> vector, int length)
    {
        if (vector.Length != length)
            return [$"{vector.Length}", $"{length}"];
        if (vector.IsDense)
            return [];
        var previous = -1;
        foreach (var index in vector.GetIndices())
        {
            if (index <= previous || index >= length)
                return [$"index {index}", $"{length}"];
            previous = index;
        }

        return [];
    }

    private static VBuffer<float> Right(int length, int count, float[] values, int seed)
    {
        var random = new Random(seed);
        int[] indices = [.. Enumerable.Range(0, count).Select(_ => random.Next(length)).Distinct().Order()];
        return new VBuffer<float>(length, indices.Length, values, indices);
    }

    private static VBuffer<float> Wrong(int length, int count, float[] values, int seed, int index, int place)
    {
        var random = new Random(seed);
        int[] indices = [.. Enumerable.Range(0, count).Select(_ => random.Next(length)).Distinct().Order()];
        if (seed % 4 == 0)
            Array.Reverse(indices);
        else
            indices[place % indices.Length] = index;
        return new VBuffer<float>(length, indices.Length, values, indices);
    }
}
