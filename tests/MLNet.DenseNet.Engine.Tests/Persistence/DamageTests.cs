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

    [Theory]
    [InlineData(0, "0 layers")]
    [InlineData(-1, "-1 layers")]
    [InlineData(10_001, "10001 layers")]
    [InlineData(int.MaxValue, "layers")]
    [InlineData(1 << 30, "layers")]
    public void Declared_numbers_of_layers_inside_others_are_checked(int layers, string said) =>
        Assert.Contains(said, CheckRefusedWithoutMuchMemory(Header(1, [17, .. BitConverter.GetBytes(layers), 1, 1, 0, 0, 0, 1])), StringComparison.Ordinal);

    [Fact]
    public void Layers_in_one_another_are_refused_however_deep() => Assert.Contains(
        "more than 8 deep", CheckRefusedWithoutMuchMemory(Header(1, [.. Enumerable.Repeat((byte[])[17, 1, 0, 0, 0], 1_000_000).SelectMany(bytes => bytes)])), StringComparison.Ordinal);

    /// <summary>Each of ten thousand layers would hold ten thousand.</summary>
    [Fact]
    public void Layers_inside_others_are_counted_together()
    {
        byte[] residual = [17, .. BitConverter.GetBytes(10_000), .. Enumerable.Repeat((byte[])[2, 0, 0, 0, 0], 10_000).SelectMany(bytes => bytes)];
        CheckRefusedWithoutMuchMemory(Header(10_000, [.. Enumerable.Repeat(residual, 5).SelectMany(bytes => bytes)]), mostBytes: 5_000_000);
        CheckRefusedWithoutMuchMemory(Header(1, [4, .. BitConverter.GetBytes(100), .. BitConverter.GetBytes(1), .. residual]), mostBytes: 5_000_000);
    }

    [Fact]
    public void An_ensemble_inside_another_layer_is_refused() => Assert.Contains(
        "an ensemble that is not its last layer", CheckRefusedWithoutMuchMemory(Header(1, [17, 1, 0, 0, 0, 4, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1])), StringComparison.Ordinal);

    /// <summary>Eight in one another, each of which doubles what its layers keep of a row.</summary>
    [Fact]
    public void Values_that_layers_inside_others_keep_count()
    {
        byte[] nested = [.. Enumerable.Repeat((byte[])[17, 1, 0, 0, 0], 8).SelectMany(bytes => bytes), 2, 0, 0, 0, 0];
        var bytes = Header(2, [.. nested, 1, 1, 0, 0, 0, 1], inputs: 200_000_000);
        Assert.Contains("values for each row", CheckRefusedWithoutMuchMemory(bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Unchanged_header_of_a_residual_is_followed_by_a_network() => Assert.Equal(
        "Residual [Residual [Dense 1 identity]]: 1 -> 1, 2 parameters",
        SavedNetworks.Load(SavedNetworks.WithRightChecksum([.. Header(1, [17, 1, 0, 0, 0, 17, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 2, 0, 0, 0]), .. new byte[2 * sizeof(float) + sizeof(uint)]])).ToString());

    [Fact]
    public void Whatever_becomes_of_the_bytes_of_layers_in_one_another_is_a_format_error_or_a_network()
    {
        var saved = SavedNetworks.Save(Network.Create(
            new Shape(3, 2, 2), [new ResidualLayer([new ResidualLayer([new ConvolutionLayer(2, 3, padding: Padding.Same)]), new ConvolutionLayer(3, 1, stride: 2)]), new DenseLayer(1)], seed: 1));
        var random = new Random(9);
        for (var trial = 0; trial < 3000; trial++)
        {
            try
            {
                SavedNetworks.Load(SavedNetworks.WithRightChecksum([.. Mutations.Next(saved[..120], random), .. saved[120..]]));
            }
            catch (FormatException exception)
            {
                Assert.Contains("saved network", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The header of a network on plain features, up to its layers.</summary>
    private static byte[] Header(int layers, byte[] layerBytes, int inputs = 1) =>
        [.. "MLDN"u8, 1, 0, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(inputs), .. BitConverter.GetBytes(layers), .. layerBytes];

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

    private static string CheckRefusedWithoutMuchMemory(byte[] bytes, int mostBytes = 1_000_000)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<FormatException>(() => SavedNetworks.Load(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, mostBytes);
        return error.Message;
    }
}
