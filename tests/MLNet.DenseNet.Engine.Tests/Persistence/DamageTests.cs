using System.Buffers.Binary;

namespace MLNet.DenseNet.Engine.Tests.Persistence;

public class DamageTests
{
    // Where the first number after signature and version stands.
    private const int FirstNumber = 6;

    private readonly byte[] _saved = SavedNetworks.Save(
        Network.Create(2, [new DenseLayer(2, Activation.LeakyReLU(0.1f)), new DropoutLayer(0.5f), new DenseLayer(1, Activation.Sigmoid)], seed: 1));

    [Fact]
    public void Every_truncation_is_a_format_error()
    {
        for (var length = 0; length < _saved.Length; length++)
            Assert.Contains("damaged: it ends ", Assert.Throws<FormatException>(() => SavedNetworks.Load(_saved[..length])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_say_what_and_where()
    {
        Check(_saved[..9], "it ends too early, at byte 9");
        Check([.. _saved[..FirstNumber], 77, .. _saved[(FirstNumber + 1)..]], "it has 77 dimensions, expected 1 to 16, at byte 10");

        static void Check(byte[] damaged, string expected) =>
            Assert.Equal($"The saved network is damaged: {expected}.", Assert.Throws<FormatException>(() => SavedNetworks.Load(damaged)).Message);
    }

    [Fact]
    public void Whatever_becomes_of_the_bytes_is_a_format_error_or_a_network()
    {
        var random = new Random(7);
        var loaded = 0;
        for (var trial = 0; trial < 5000; trial++)
        {
            try
            {
                // Mostly before the weights, since nearly any number is a valid weight.
                SavedNetworks.Load(trial % 2 == 0 ? SavedNetworks.WithRightChecksum([.. Mutations.Next(_saved[..40], random), .. _saved[40..]]) : Mutations.Next(_saved, random));
                loaded++;
            }
            catch (FormatException exception)
            {
                Assert.Contains("saved network", exception.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(loaded, 1, 4000);
    }

    [Fact]
    public void Every_change_of_a_byte_is_a_format_error()
    {
        for (var position = 0; position < _saved.Length; position++)
        {
            var changed = _saved.ToArray();
            for (var change = 1; change < 256; change++)
            {
                changed[position] = (byte)(_saved[position] ^ change);
                Assert.Throws<FormatException>(() => SavedNetworks.Load(changed));
            }
        }
    }

    [Fact]
    public void Other_data_is_said_to_lack_the_signature()
    {
        var exception = Assert.Throws<FormatException>(() => SavedNetworks.Load([.. "PK"u8, .. _saved]));
        Assert.Contains("signature", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Newer_versions_are_named()
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_saved.AsSpan(4), 2);
        var exception = Assert.Throws<FormatException>(() => SavedNetworks.Load(SavedNetworks.WithRightChecksum(_saved)));
        Assert.Contains("version 2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("version 1", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Parameters_that_are_not_finite_are_refused(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_saved.AsSpan(_saved.Length - 8), value);
        var exception = Assert.Throws<FormatException>(() => SavedNetworks.Load(SavedNetworks.WithRightChecksum(_saved)));
        Assert.Contains("'bias'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("finite", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_checksum_is_named()
    {
        _saved[^1] ^= 1;
        Assert.Contains("checksum", Assert.Throws<FormatException>(() => SavedNetworks.Load(_saved)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 1 << 30, 5 << 28)]
    [InlineData(4, 1 << 28, 5 << 28)]
    [InlineData(1 << 28, 4, (1 << 30) + 4)]
    [InlineData(1 << 30, 1 << 30, 1)]
    [InlineData(1 << 20, 1 << 10, (1 << 30) + (1 << 10))]
    [InlineData(1, int.MaxValue, -2)]
    [InlineData(int.MaxValue, 1, int.MinValue)]
    [InlineData(0, 1, 1)]
    [InlineData(-1, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(1, -1, -2)]
    [InlineData(1, 2, 3)]
    public void Declared_sizes_are_checked_before_memory_is_taken_for_them(int inputs, int units, int parameters) =>
        CheckRefusedWithoutMuchMemory(SavedNetworks.HeaderOnly(inputs, units, parameters));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 1 << 30)]
    [InlineData(8, 0)]
    [InlineData(8, -1)]
    [InlineData(8, 10_000)]
    [InlineData(8, 1 << 30)]
    public void Declared_counts_of_dimensions_and_layers_are_checked(int offset, int count)
    {
        var bytes = SavedNetworks.HeaderOnly(1, 1, 2);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(FirstNumber + offset), count);
        CheckRefusedWithoutMuchMemory(bytes);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(-1, 1, 1)]
    [InlineData(101, 1, 1)]
    [InlineData(int.MaxValue, 1, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(2, -1, 1)]
    [InlineData(2, 10_001, 1)]
    [InlineData(2, int.MaxValue, 1)]
    [InlineData(2, 1, 1 << 30)]
    public void Declared_sizes_of_an_ensemble_are_checked(int members, int layers, int units) =>
        CheckRefusedWithoutMuchMemory(EnsembleHeader(members, layers, [1, .. BitConverter.GetBytes(units), 1]));

    [Fact]
    public void Ensembles_in_ensembles_are_refused_however_many()
    {
        var nested = Enumerable.Repeat((byte[])[4, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(1)], 100_000).SelectMany(bytes => bytes);
        Assert.Contains("an ensemble that is not its last layer", Assert.Throws<FormatException>(() => SavedNetworks.Load(EnsembleHeader(1, 1, [.. nested]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ensembles_as_layers_are_refused_at_the_first()
    {
        byte[] ensemble = [4, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(10_000), .. Enumerable.Repeat((byte[])[2, 0, 0, 0, 0], 10_000).SelectMany(bytes => bytes)];
        byte[] header = [.. "MLDN"u8, 1, 0, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(9_999)];
        CheckRefusedWithoutMuchMemory([.. header, .. Enumerable.Repeat(ensemble, 20).SelectMany(bytes => bytes)]);
    }

    /// <summary>4,000 bytes that would be a network of ten thousand outputs of 250,000 values each.</summary>
    [Fact]
    public void Outputs_of_more_values_than_one_block_holds_are_refused()
    {
        var dropouts = Enumerable.Repeat((byte[])[2, 0, 0, 0, 0], 9_000).SelectMany(bytes => bytes);
        byte[] header = [.. "MLDN"u8, 1, 0, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(9_001)];
        CheckRefusedWithoutMuchMemory([.. header, 1, .. BitConverter.GetBytes(250_000), 1, .. dropouts, .. BitConverter.GetBytes(500_000)]);
    }

    [Fact]
    public void Unchanged_header_of_an_ensemble_is_followed_by_a_network() => Assert.Equal(
        "Ensemble of 2 [Dense 1 identity]: 1 -> 1, 4 parameters",
        SavedNetworks.Load(SavedNetworks.WithRightChecksum([.. EnsembleHeader(2, 1, [1, 1, 0, 0, 0, 1]), .. new byte[4 * sizeof(float) + sizeof(uint)]])).ToString());

    /// <summary>The header of a network that is an ensemble on one input, of 4 parameters.</summary>
    private static byte[] EnsembleHeader(int members, int layers, byte[] layerBytes) =>
    [
        .. "MLDN"u8, 1, 0, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(1),
        4, .. BitConverter.GetBytes(members), .. BitConverter.GetBytes(layers), .. layerBytes, .. BitConverter.GetBytes(4),
    ];

    [Fact]
    public void Unchanged_header_is_followed_by_a_network()
    {
        // Otherwise the tests of damaged headers could pass for another reason.
        byte[] bytes = [.. SavedNetworks.HeaderOnly(1, 1, 2), 0, 0, 0, 0];
        Assert.Equal([0, 0], SavedNetworks.Load(SavedNetworks.WithRightChecksum(bytes)).Parameters.SelectMany(p => p.ToArray()));
    }

    private static void CheckRefusedWithoutMuchMemory(byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FormatException>(() => SavedNetworks.Load(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }
}
